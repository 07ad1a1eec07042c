/** Where the browser and the client meet: everything from outside is put together here. */

import './styles/index.css';
import type { SocketLike, Surroundings } from './net/connection';
import { App, type OwnPassport } from './ui/app';
import { showUnloaded } from './ui/unloaded';
import { beginAt } from './world/address';
import { storage } from './world/storage';
import { fetchSummary } from './world/summary';

/** What a connection to the alley at an origin needs. Only to the page's own alley can one come back after a reload. */
function surroundings(origin: string): Surroundings {
  const url = new URL('/live', origin);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return {
    origin,
    // Its handlers take more than we ask for, which TypeScript cannot see through the properties.
    open: () => new WebSocket(url) as unknown as SocketLike,
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    after: (delayMs, call) => {
      const timer = window.setTimeout(call, delayMs);
      return () => window.clearTimeout(timer);
    },
    random: () => Math.random(),
    session: origin === location.origin ? storage('sessionStorage') : null,
  };
}

/** The identity of this browser. Its code comes on its own, while the person reads the arrival page. */
function passport(): OwnPassport {
  const loading = import('./identity/passport').then(
    ({ BrowserPassport }) => new BrowserPassport({ origin: location.origin, wallMs: () => Date.now() }),
  );
  // Whoever wants to enter hears of it then.
  loading.catch(() => undefined);
  return {
    enter: async (door) => (await loading).enter(door),
    renew: async () => (await (await import('./identity/renewal')).renew(await loading)) === 'renewed',
    whole: () => loading,
  };
}

function navigationEvents(): EventTarget | undefined {
  return (window as { navigation?: EventTarget }).navigation;
}

const motion = matchMedia('(prefers-reduced-motion: reduce)');
const root = document.getElementById('app');
if (root) {
  const app = new App({
    root,
    store: storage('localStorage'),
    languages: navigator.languages,
    systemReducedMotion: () => motion.matches,
    origin: location.origin,
    surroundings,
    passport: passport(),
    loadScene: () => import('./scene'),
    loadSummary: fetchSummary,
    reload: () => location.reload(),
    address: {
      next: new URLSearchParams(location.hash.slice(1)).get('next') ?? '',
      write: (next) => {
        const hash = next && `#${new URLSearchParams({ next })}`;
        history.replaceState(history.state, '', `/${location.search}${hash}`);
      },
      askFirst: (next) => location.replace(`/enter#${new URLSearchParams({ to: next })}`),
    },
  });
  motion.addEventListener('change', () => app.motionChanged());
  window.addEventListener('online', () => app.networkIsBack());
  let isReload = false;
  // A reload that nothing tells from a closed tab (the browser's own button) is a new visit in the same place.
  navigationEvents()?.addEventListener('navigate', (event) => {
    isReload = 'navigationType' in event && event.navigationType === 'reload';
  });
  window.addEventListener('keydown', (event) => {
    isReload = event.key === 'F5' || ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'r');
  });
  window.addEventListener('pagehide', () => app.pageHidden(isReload));
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) app.networkIsBack();
  });
  // For tests and tools; the scene adds what it has.
  if (new URLSearchParams(location.search).has('debug')) Object.assign(window, { __yokocho: { world: app.world } });
  // Once: whoever loads the page again is where they were.
  if (beginAt(location.hash, app.world)) history.replaceState(history.state, '', location.pathname + location.search);
  app.start().catch((error: unknown) => {
    reportError(error);
    showUnloaded(root);
  });
}
