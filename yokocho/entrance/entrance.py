"""The door: who is it, may they come in, and what do they get.

Theory. Everybody proves who they are with papers that are checked here alone: the signed document of their identity,
an entry token by one of its devices for this instance and this challenge, and a proof that they hold the session key
that the token names (`federation.entry`). No home is asked. Then the house rules decide (`Rules`), and a session token
for the HTTP interface is signed with the instance's own key.

A challenge for a socket is kept by its connection, so that nobody can push it out of a full book; challenges over HTTP
are kept here. What was used is remembered until it is refused for its age. Of those who are in, the newest document is
remembered until the house rules have it on disk: a device that it no longer lists has no session from that moment on.

Checking papers is work, also when they are bad, so one household has so many of them looked at. Addresses that are not
of the open internet are not counted: behind them stands a proxy, or this machine.

The addresses of this instance are those of the settings, never what a request says (`Host`).
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import dpop, entry, session, tokens
from federation.books import NONCE_LIFE_S, DocumentShelf, NonceBook, ReplayBook
from federation.errors import RefusalCode, Refused
from federation.identity import Identity, Known, judge
from federation.keys import base64url_encode
from yokocho.entrance.errors import NotAdmitted, Reason
from yokocho.entrance.rules import Ban, Rules, Verdict
from yokocho.entrance.sessions import Caller, Opened, Pass
from yokocho.rates import Rates

SOCKET_PATH: Final = "/live"
SESSION_PATH: Final = "/api/session"
ROLE_NAMES: Final = {1: "artisan", 2: "keeper", 4: "operator"}

_NONCE_BYTES: Final = 16
_MAX_NONCES: Final = 50_000
_MAX_USED: Final = 200_000
_MAX_SHELVED: Final = 256
_MAX_NEWEST: Final = 10_000
_MAX_SESSIONS: Final = 20_000

_log: Final = structlog.stdlib.get_logger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a connection is asked, and when."""

    nonce: str
    given_s: float


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest document of somebody that was shown here."""

    known: Known
    devices: frozenset[str]


class Entrance:
    """The door of one instance.

    Args:
        origins: the instance's addresses, the main one first.
        key: the instance's own, which signs session tokens.
        rules: who may come in.
        room: the identifier of the room behind the door.
        random: random bytes.
        entries: how often papers from one household are looked at; None for always.
        household: what an address is counted by; None for one that is not counted.
    """

    def __init__(
        self,
        *,
        origins: tuple[str, ...],
        key: Ed25519PrivateKey,
        rules: Rules,
        room: str,
        random: Callable[[int], bytes] = secrets.token_bytes,
        nonce_life_s: float = NONCE_LIFE_S,
        entries: Rates | None = None,
        household: Callable[[str], str | None] = str,
    ) -> None:
        self.origins = origins
        self.room = room
        self.on_change: list[Callable[[str], None]] = []
        self._hosts = frozenset(origin.partition("://")[2] for origin in origins)
        self._key = key
        self._rules = rules
        self._random = random
        self._nonce_life_s = nonce_life_s
        self._entries = entries
        self._household = household
        self._nonces = NonceBook(_MAX_NONCES, life_s=nonce_life_s)
        self._used = ReplayBook(_MAX_USED)
        self._shelf = DocumentShelf(_MAX_SHELVED)
        self._newest: OrderedDict[str, _Newest] = OrderedDict()
        self._sessions: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._writing: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Wait until everybody who came in is kept."""
        if self._writing:
            await asyncio.wait(self._writing)

    # --- papers -----------------------------------------------------------------------------------------------------

    def challenge(self, now_s: float) -> Challenge:
        """A challenge that its connection keeps."""
        return Challenge(self._identifier(), now_s)

    def give_nonce(self, now_s: float, address: str = "") -> str:
        """A challenge for the HTTP interface, kept here.

        Raises:
            NotAdmitted: the household has asked often enough for now, or all of them together have.
        """
        self._count(address, now_s)
        nonce = self._identifier()
        try:
            self._nonces.issue(nonce, now_s=now_s)
        except Refused as refusal:
            raise _refused(refusal) from refusal
        return nonce

    def admit(self, token: str, document: str, proof: str, *, challenge: Challenge, address: str, now_s: float) -> Pass:
        """Check the papers of somebody who knocks at the socket.

        Raises:
            NotAdmitted: the papers are not good, or the house rules say no.
        """
        if now_s - challenge.given_s >= self._nonce_life_s:
            raise _refused(Refused(RefusalCode.WRONG_NONCE, "The challenge is too old."))
        return self._admit(token, document, proof, "GET", SOCKET_PATH, challenge.nonce, address, now_s)

    def open_session(self, token: str, document: str, proof: str, *, address: str, now_s: float) -> Opened:
        """Check the papers of somebody who comes over HTTP alone.

        The banned get a session too, for what concerns their own data; `authorize` holds them off everything else.

        Raises:
            NotAdmitted: the papers are not good.
        """
        try:
            nonce = str(tokens.split(token, typ=entry.TYPE, members=frozenset({"kid"})).claims.get("nonce"))
            self._nonces.redeem(nonce, now_s=now_s)
        except Refused as refusal:
            raise _refused(refusal) from refusal
        shown = self._admit(token, document, proof, "POST", SESSION_PATH, nonce, address, now_s)
        if not shown.is_banned:
            self.remember(shown.identity, None, None, now_s)
        did = shown.identity.did
        return Opened(*self.session_token(did, shown.jkt, shown.roles, now_s), did, shown.roles)

    def _admit(
        self, token: str, document: str, proof: str, method: str, path: str, nonce: str, address: str, now_s: float
    ) -> Pass:
        self._count(address, now_s)
        audience = _claim(token, entry.TYPE, "kid", "aud")
        origin = audience if audience in self.origins else self.origins[0]
        try:
            papers = entry.read_entry(
                token,
                document,
                proof,
                audience=origin,
                method=method,
                url=origin + path,
                nonce=nonce,
                now_s=now_s,
                read=self._shelf.read,
            )
            claims, identity = papers.claims, papers.identity
            if claims.room != self.room:
                raise Refused(RefusalCode.WRONG_AUDIENCE, "This token is for another room.")
            newest = self._newest.get(identity.did)
            judge(self._rules.known(identity.did), identity)
            judge(None if newest is None else newest.known, identity)
            self._used.use(f"entry {claims.jti}", ends_s=claims.ends_s, now_s=now_s)
            self._used.use(f"{claims.jkt} {papers.proof.jti}", ends_s=papers.proof.ends_s, now_s=now_s)
        except Refused as refusal:
            raise _refused(refusal) from refusal
        verdict = self._judged(identity.did, address, now_s, banned_too=path == SESSION_PATH)
        self._learn(identity)
        self.vouch(identity.did, claims.device, claims.jkt)
        is_banned = verdict.ban is not None
        roles = 0 if is_banned else int(verdict.roles)
        return Pass(identity, claims.device, claims.jkt, roles, verdict.is_muted, is_banned)

    def _count(self, address: str, now_s: float) -> None:
        home = self._household(address) if address and self._entries is not None else None
        if self._entries is not None and home is not None and not self._entries.take(home, now_s):
            raise NotAdmitted(
                Reason.RATE_LIMITED,
                "Many came in from your network just now. Please wait a moment.",
                detail=Reason.RATE_LIMITED,
                retry_s=self._entries.wait_s,
            )

    def _learn(self, identity: Identity) -> None:
        """Remember a document; whoever is in by a device that it no longer lists has to go."""
        did = identity.did
        before = self._devices(did)
        _keep_newest(self._newest, did, _Newest(Known.of(identity), frozenset(identity.devices)), _MAX_NEWEST)
        if before is not None and before - identity.devices.keys():
            for callback in self.on_change:
                callback(did)

    # --- those who are in -------------------------------------------------------------------------------------------

    def home_of(self, identity: Identity) -> str:
        """Host and port of somebody's home; empty for this instance."""
        return "" if identity.home in self._hosts else identity.home

    def shown_home(self, identity: Identity) -> str:
        """The same as far as that place has said so too: what others see behind a name."""
        home = self.home_of(identity)
        return home if home == self._rules.confirmed_home(identity.did) else ""

    def remember(self, identity: Identity, name: str | None, look: Any, now_s: float) -> None:
        """Keep that somebody came in, without letting them wait for it."""
        task = asyncio.get_running_loop().create_task(self._remember(identity, name, look, now_s))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _remember(self, identity: Identity, name: str | None, look: Any, now_s: float) -> None:
        try:
            await self._rules.remember(identity.did, name, look, self.home_of(identity), identity, now_s)
        except Exception:  # noqa: BLE001 - whatever it is, the log has it
            # They are in; that they were is told to the log, and kept when they come again.
            _log.exception("visit_not_kept", did=identity.did)

    def session_token(self, did: str, jkt: str, roles: int, now_s: float) -> tuple[str, int]:
        """An access token for the HTTP interface, and for how many seconds it is good."""
        token = session.make_session_token(
            self._key,
            issuer=self.origins[0],
            did=did,
            jkt=jkt,
            roles=role_names(roles),
            now_s=int(now_s),
            jti=self._identifier(),
        )
        return token, session.LIFE_S

    def vouch(self, did: str, device: str, jkt: str) -> None:
        """Somebody showed their papers to another process of this instance."""
        _keep_newest(self._sessions, jkt, (did, device), _MAX_SESSIONS)

    def forget(self, did: str) -> None:
        """Know nothing of somebody any more; their sessions end."""
        self._newest.pop(did, None)
        for session_key in [key for key, (whose, _) in self._sessions.items() if whose == did]:
            del self._sessions[session_key]

    def stand(self, did: str, device: str, address: str, now_s: float, *, banned_too: bool = False) -> Verdict:
        """What somebody who is in may do now.

        Raises:
            NotAdmitted: they may no longer be here.
        """
        known = self._rules.known(did)
        if known is not None and known.successor is not None:
            raise NotAdmitted(Reason.REVOKED, "This identity has handed over to its successor.")
        devices = self._devices(did)
        if devices is not None and device not in devices:
            raise NotAdmitted(Reason.REVOKED, "This device no longer speaks for this identity.")
        return self._judged(did, address, now_s, banned_too=banned_too)

    def authorize(
        self,
        authorization: str | None,
        proof: str | None,
        *,
        method: str,
        path: str,
        address: str,
        now_s: float,
        banned_too: bool = False,
    ) -> Caller:
        """Who makes a private call.

        Args:
            authorization: the header of that name.
            proof: the header `DPoP`.
            method: of the request.
            path: of the request, without the query.
            address: where it comes from.
            now_s: seconds since 1970.
            banned_too: whether this is open to people who are banned: their own data is.

        Raises:
            NotAdmitted: nobody, or somebody who may not be here.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "dpop" or not token:
            raise NotAdmitted(Reason.TOKEN_MISSING, "This needs a session; come in first.")
        if not proof:
            raise NotAdmitted(Reason.PROOF_MISSING, "This needs a proof that the session is yours.")
        claims = self._read_token(token, now_s)
        target = _claim(proof, dpop.TYPE, "jwk", "htu")
        urls = [origin + path for origin in self.origins]
        try:
            proven = dpop.read_proof(
                proof, method=method, url=target if target in urls else urls[0], now_s=now_s, access_token=token
            )
            if proven.jkt != claims.jkt:
                raise Refused(RefusalCode.WRONG_SESSION_KEY, "The session is bound to another key.")
            self._used.use(f"{proven.jkt} {proven.jti}", ends_s=proven.ends_s, now_s=now_s)
        except Refused as refusal:
            raise _refused(refusal, Reason.PROOF_REFUSED) from refusal
        holder = self._sessions.get(claims.jkt)
        if holder is None or holder[0] != claims.did:
            # The server was started anew; a token that it didn't see the papers for may be of a revoked device.
            raise NotAdmitted(Reason.TOKEN_REFUSED, "This session is over; come in again.", detail=RefusalCode.EXPIRED)
        verdict = self.stand(claims.did, holder[1], address, now_s, banned_too=banned_too)
        return Caller(claims.did, 0 if verdict.ban is not None else int(verdict.roles), address)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _read_token(self, token: str, now_s: float) -> session.SessionClaims:
        try:
            return session.read_session_token(token, self._key.public_key(), issuer=self.origins[0], now_s=now_s)
        except Refused as refusal:
            raise _refused(refusal, Reason.TOKEN_REFUSED) from refusal

    def _judged(self, did: str, address: str, now_s: float, *, banned_too: bool = False) -> Verdict:
        verdict = self._rules.verdict(did, address, now_s)
        if verdict.ban is not None and not banned_too:
            raise _banned(verdict.ban)
        return verdict

    def _devices(self, did: str) -> frozenset[str] | None:
        """The devices of the newest document that was shown here or is kept; None for a stranger."""
        newest, kept = self._newest.get(did), self._rules.known(did)
        if newest is not None and (kept is None or newest.known.sequence >= kept.sequence):
            return newest.devices
        devices = self._rules.devices(did)
        return None if devices is None else frozenset(devices)

    def _identifier(self) -> str:
        return base64url_encode(self._random(_NONCE_BYTES))


def role_names(roles: int) -> tuple[str, ...]:
    """Roles by name, the humblest first."""
    return tuple(name for bit, name in ROLE_NAMES.items() if roles & bit)


def _claim(token: str, typ: str, member: str, name: str) -> object:
    """A claim of a token that nobody has verified, to find out by which of our addresses it calls us."""
    try:
        return tokens.split(token, typ=typ, members=frozenset({member})).claims.get(name)
    except Refused:
        return None


def _refused(refusal: Refused, reason: Reason = Reason.ENTRY_REFUSED) -> NotAdmitted:
    reason = Reason.TOO_BUSY if refusal.code is RefusalCode.TOO_BUSY else reason
    return NotAdmitted(reason, refusal.message, detail=refusal.code)


def _banned(ban: Ban) -> NotAdmitted:
    until_ms = 0 if ban.until_us is None else ban.until_us // 1000
    return NotAdmitted(Reason.BANNED, ban.reason, detail=ban.appeal, until_ms=until_ms)


def _keep_newest(kept: OrderedDict[str, T], key: str, value: T, at_most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > at_most:
        kept.popitem(last=False)
