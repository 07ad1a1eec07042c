/** What `/api/alley` tells before the door is open. */

import type { LocalText } from './local_text';

export interface AlleySummary {
  readonly title: LocalText;
  readonly about: LocalText;
  readonly visitors: number;
  readonly capacity: number;
  /** Origins of the alleys next door. */
  readonly neighbours: readonly string[];
}

export async function fetchSummary(): Promise<unknown> {
  return (await fetch('/api/alley')).json();
}

/** The summary in what the server answered, or null when it is something else. */
export function readSummary(value: unknown): AlleySummary | null {
  if (typeof value !== 'object' || value === null) return null;
  const { title, about, visitors, capacity, neighbours } = value as Record<string, unknown>;
  const text = (one: unknown): LocalText =>
    typeof one === 'string' ? { en: one } : typeof one === 'object' && one !== null ? (one as LocalText) : {};
  const count = (one: unknown): number => (typeof one === 'number' && one >= 0 ? one : 0);
  return {
    title: text(title),
    about: text(about),
    visitors: count(visitors),
    capacity: count(capacity),
    neighbours: Array.isArray(neighbours) ? neighbours.map(String) : [],
  };
}
