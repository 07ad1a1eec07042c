/** Where the browser and the client meet: everything from outside is put together here. */

import './styles/index.css';
import type { SocketLike, Surroundings } from './net/connection';
import type { Passport } from './net/passport';
import { App } from './ui/app';
import { storage } from './world/storage';
import { fetchSummary } from './world/summary';

function surroundings(): Surroundings {
  const url = new URL('/live', location.href);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return {
    origin: location.origin,
    // Its handlers take more than we ask for, which TypeScript cannot see through the properties.
    open: () => new WebSocket(url) as unknown as SocketLike,
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    after: (delayMs, call) => {
      const timer = window.setTimeout(call, delayMs);
      return () => window.clearTimeout(timer);
    },
    random: () => Math.random(),
    session: storage('sessionStorage'),
  };
}

/** The identity of this browser. Its code comes on its own, while the person reads the arrival page. */
function passport(): Passport {
  const loading = import('./identity/passport').then(
    ({ BrowserPassport }) => new BrowserPassport({ origin: location.origin, wallMs: () => Date.now() }),
  );
  // Whoever wants to enter hears of it then.
  loading.catch(() => undefined);
  return {
    enter: async (door) => (await loading).enter(door),
    renew: async () => (await (await import('./identity/renewal')).renew(await loading)) === 'renewed',
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
    surroundings: surroundings(),
    passport: passport(),
    loadScene: () => import('./scene'),
    loadSummary: fetchSummary,
    reload: () => location.reload(),
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
  void app.start();
}
