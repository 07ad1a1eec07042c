/** When to try again, and what a lost connection means. Pure: what happened goes in, a plan comes out. */

import type { Phase } from '../world/world';
import { type ByeMessage, CLOSE_CODES, ErrorCode } from './wire.gen';

const FIRST_MS = 500;
const LONGEST_MS = 15_000;
/** Share of a delay that is random, so that a thousand visitors don't come back in the same instant. */
const JITTER = 0.5;

/** What ended a connection: the server's farewell if there was one, and the close code. */
export interface Ending {
  readonly bye: Pick<ByeMessage, 'code' | 'message' | 'retryAfterMs' | 'detail' | 'untilMs'> | null;
  readonly closeCode: number;
}

export interface Plan {
  readonly phase: Phase;
  readonly code: string;
  readonly message: string;
  /** Null: don't come back by yourself. */
  readonly delayMs: number | null;
}

/** Coming back at once would end the same way. */
const FINAL: ReadonlySet<string> = new Set([
  ErrorCode.UNSUPPORTED_VERSION,
  ErrorCode.NAME_INVALID,
  ErrorCode.CHEATING,
  ErrorCode.FLOOD,
  ErrorCode.REPLACED,
  ErrorCode.ENTRY_REFUSED,
  ErrorCode.BANNED,
  ErrorCode.REVOKED,
  ErrorCode.REMOVED,
]);

/** Close codes that browsers and proxies make themselves, or that name several errors. */
const AMBIGUOUS: ReadonlySet<number> = new Set([1007, 4001]);

function codeOf(ending: Ending): string {
  if (ending.bye) return ending.bye.code;
  if (AMBIGUOUS.has(ending.closeCode)) return '';
  const found = Object.entries(CLOSE_CODES).find(([, close]) => close === ending.closeCode);
  return found?.[0] ?? '';
}

/** Exponential from half a second to a quarter of a minute; `random` is from 0 to 1. */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return full * (1 - JITTER * random);
}

/** What to do after a connection ended (or was never made). `attempt` counts failures in a row, from 0. */
export function planAfter(ending: Ending, attempt: number, random: number): Plan {
  const code = codeOf(ending);
  // Of a ban the detail says where to turn to; of papers it is a code for programs.
  const appeal = code === ErrorCode.BANNED ? (ending.bye?.detail ?? '') : '';
  const message = [ending.bye?.message ?? '', appeal].filter(Boolean).join(' ');
  const wanted = ending.bye?.retryAfterMs ?? 0;
  if (wanted < 0 || (FINAL.has(code) && !(ending.bye && wanted > 0))) {
    return { phase: 'refused', code, message, delayMs: null };
  }
  // A server that restarts names the time in which everybody is to be back; one that is full, the least to wait.
  const spread = wanted * (code === ErrorCode.RESTARTING ? 1 - random : 1 + JITTER * random);
  const delayMs = Math.max(spread, wanted > 0 && attempt === 0 ? 0 : backoffMs(attempt, random));
  if (code === ErrorCode.ROOM_FULL) return { phase: 'full', code, message, delayMs: Math.max(delayMs, 2000) };
  if (code === ErrorCode.RESTARTING) return { phase: 'restarting', code, message, delayMs };
  return { phase: 'reconnecting', code, message, delayMs };
}
