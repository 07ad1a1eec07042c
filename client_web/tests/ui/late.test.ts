import { describe, expect, it, vi } from 'vitest';
import { loadTexts } from '../../src/i18n';
import { LatePanel } from '../../src/ui/late';
import { Panel } from '../../src/ui/panel';

const make = (panel: Panel): { panel: Panel; dispose: () => void } => {
  panel.body.append('all of it');
  return { panel, dispose: gone };
};
const gone = vi.fn();
const reload = vi.fn();

async function late(load: () => Promise<typeof make>): Promise<LatePanel<ReturnType<typeof make>>> {
  const texts = await loadTexts('en');
  const one = new LatePanel(texts, new Panel(texts, 'People', 'people'), load, reload);
  document.body.replaceChildren(one.panel.element);
  return one;
}

function press(label: string): void {
  [...document.querySelectorAll('button')].find((one) => one.textContent === label)?.click();
}

describe('a panel whose content comes late', () => {
  it('has its heading at once, says that it loads, and is filled once', async () => {
    const load = vi.fn(async () => make);
    const { panel, ...one } = await late(load);
    expect(panel.heading.textContent).toBe('People');
    expect(one.content).toBeNull();
    const people = await late(load);
    const filling = Promise.all([people.fill(), people.fill()]);
    expect(people.panel.body.textContent).toBe('One moment…');
    const [first, second] = await filling;
    expect(first).toBe(second);
    expect(people.panel.body.textContent).toBe('all of it');
    people.dispose();
    expect(gone).toHaveBeenCalledOnce();
  });

  it('says what is wrong when it does not come, and tries again when asked', async () => {
    const load = vi.fn(async () => make).mockRejectedValueOnce(new TypeError('no way to the server'));
    const people = await late(load);
    expect(await people.fill()).toBeNull();
    expect(document.querySelector('[role=alert]')?.textContent).toContain('could not be loaded');
    press('Load again');
    expect(reload).toHaveBeenCalledOnce();
    press('Try again');
    await vi.waitFor(() => expect(people.panel.body.textContent).toBe('all of it'));
  });

  it('tells nothing of a failure before anybody asked', async () => {
    const load = vi.fn(async () => make).mockRejectedValueOnce(new TypeError('no way to the server'));
    const people = await late(load);
    await people.prepare();
    expect(people.panel.body.textContent).toBe('');
    await people.fill();
    expect(people.panel.body.textContent).toBe('all of it');
  });

  it('stays empty once the street is gone', async () => {
    const people = await late(async () => make);
    people.dispose();
    await people.prepare();
    expect(await people.fill()).toBeNull();
  });
});
