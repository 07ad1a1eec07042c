/**
 * Taking up what another device of the same person has published: an instance that knows the newer document refuses the
 * older one (`rolled_back`). The page about oneself does this by itself; the alley may do it before it gives up.
 */

import { catchUp } from './keeping';
import type { BrowserPassport } from './passport';

const DEADLINE_MS = 4000;

/** 'renewed' when it is worth knocking again, 'revoked' when the newest document doesn't list this device. */
export async function renew(passport: BrowserPassport): Promise<'current' | 'renewed' | 'revoked'> {
  const { did } = await passport.identity();
  return catchUp(passport, await publishedAt(passport.origin, did).catch(() => []));
}

/** The newest document of a person who is at home at an instance, as a list of none or one. */
export async function publishedAt(origin: string, did: string): Promise<readonly string[]> {
  const answer = await fetch(`${origin}/.well-known/apgateway/${did}/actor`, {
    // The answer of a minute ago may still list a device that was sent away since.
    cache: 'no-store',
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  return answer.ok ? [await answer.text()] : [];
}
