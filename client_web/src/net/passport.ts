/**
 * What a visitor shows at the door: asked for once per connection, after the server's `Challenge`.
 *
 * The connection knows nothing of keys. It hands over where it is connected to (never what the server says it is) and
 * the nonce; the passport answers with a fresh entry token by the device key, the signed actor document, and the proof
 * that the page holds the session key which the token names.
 */

export interface Door {
  /** The origin of the socket's address, as https or http: the token's audience. */
  readonly origin: string;
  /** The server's challenge, good once and for a minute. */
  readonly nonce: string;
  /** The room to enter, as the challenge names it. */
  readonly room: string;
  /** What the proof's `htu` says: `<origin>/live`; its `htm` is GET. */
  readonly url: string;
}

export interface EntryPapers {
  /** JWT of type `entry+jwt`, at most 4 kB. */
  readonly token: string;
  /** The actor document as JSON text, at most 64 kB. */
  readonly document: string;
  /** JWT of type `dpop+jwt` with the challenge's nonce, at most 4 kB. */
  readonly proof: string;
}

export interface Passport {
  /** Rejects when no papers can be made (no key, no consent): the connection then says so and doesn't try again. */
  enter(door: Door): Promise<EntryPapers>;
  /** Take up what another device of this person has published; true when it is worth knocking again. */
  renew?(): Promise<boolean>;
}

/** The access token that the server gave for calls over HTTP, and until when it is good (local clock, milliseconds). */
export interface SessionTicket {
  readonly token: string;
  readonly untilMs: number;
}
