/** What the page about oneself asks of the instance. */

import { Api, ApiProblem } from '../../identity/api';
import type { Bytes } from '../../identity/encoding';
import type { Mailbox, Side } from '../../identity/linking';
import type { BrowserPassport } from '../../identity/passport';

export class Server implements Mailbox {
  readonly api: Api;
  readonly #origin: string;

  constructor(passport: BrowserPassport) {
    this.api = new Api(passport);
    this.#origin = passport.origin;
  }

  /** Make a new version of the own actor document known here; a device that it doesn't list any more is sent away. */
  async publish(document: string): Promise<void> {
    this.api.restart();
    await this.api.request('POST', '/api/me/document', document);
  }

  /** Everything that the instance holds about the person: a zip. */
  async exportAll(): Promise<Blob> {
    return (await this.api.request('GET', '/api/me/export')).blob();
  }

  /** The instance forgets the person. */
  async forgetMe(): Promise<void> {
    await this.api.request('DELETE', '/api/me');
    this.api.restart();
  }

  async put(id: string, side: Side, letter: Bytes): Promise<void> {
    const answer = await fetch(this.#box(id, side), { method: 'PUT', body: letter });
    if (!answer.ok) throw new ApiProblem(answer.status, {});
  }

  async get(id: string, side: Side): Promise<Bytes | null> {
    const answer = await fetch(this.#box(id, side), { cache: 'no-store' });
    if (answer.status === 204) return null;
    if (!answer.ok) throw new ApiProblem(answer.status, {});
    return new Uint8Array(await answer.arrayBuffer());
  }

  #box(id: string, side: Side): string {
    return `${this.#origin}/api/links/${id}/${side}`;
  }
}
