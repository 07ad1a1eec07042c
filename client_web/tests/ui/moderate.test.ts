import { beforeEach, expect, it, vi } from 'vitest';
import { ApiProblem } from '../../src/identity/api';
import { moderate } from '../../src/ui/moderate';

const ABOUT = { id: 'abcdefghijklmnopqrst_-', name: 'Bo' };
const tell = vi.fn();
const close = vi.fn();
const call = vi.fn();
let form: HTMLElement;

beforeEach(async () => {
  call
    .mockReset()
    .mockImplementation(async (method: string) => (method === 'GET' ? { did: 'did:key:zBo' } : { id: 4 }));
  tell.mockReset();
  close.mockReset();
  form = await moderate('en', ABOUT, { announcer: { tell }, close }, { call });
  document.body.replaceChildren(form);
});

const press = (label: string) => [...form.querySelectorAll('button')].find((one) => one.textContent === label)?.click();
const write = (reason: string) => {
  const field = form.querySelector('textarea');
  if (field) field.value = reason;
};
const problem = () => form.querySelector('.problem')?.textContent;

it('wants a reason, puts it in force, and takes it back', async () => {
  expect(form.textContent).toContain('Step in: Bo');
  press('Put in force');
  expect(problem()).toBe('Please say why.');
  expect(document.activeElement).toBe(form.querySelector('textarea'));
  write(' Shouting. ');
  const what = form.querySelector('select');
  if (what) what.value = 'ban.24';
  press('Put in force');
  press('One moment…');
  await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
  expect(call.mock.calls).toEqual([
    ['GET', `/api/people/${ABOUT.id}`],
    [
      'POST',
      '/api/restrictions',
      { kind: 'ban', target: 'did:key:zBo', reason: 'Shouting.', scope: 'alley', hours: 24 },
    ],
  ]);
  const said = tell.mock.calls[0]?.[0];
  expect(said.text).toBe('In force for Bo.');
  said.action.press();
  await vi.waitFor(() => expect(tell).toHaveBeenLastCalledWith({ text: 'Undone.' }));
  expect(call).toHaveBeenLastCalledWith('DELETE', '/api/restrictions/4');
});

it.each([
  ['person_protected', 'Whoever looks after the alley cannot be muted or sent away.'],
  ['not_allowed', 'This is not yours to do any more.'],
])('says in words what %s means, and keeps what was written', async (code, words) => {
  call.mockRejectedValue(new ApiProblem(403, { error: code }));
  write('Shouting.');
  press('Put in force');
  await vi.waitFor(() => expect(problem()).toBe(words));
  expect(form.querySelector('textarea')?.value).toBe('Shouting.');
  expect(close).not.toHaveBeenCalled();
});

it('closes by Escape alone, without the panel hearing of it', () => {
  const heard = vi.fn();
  document.body.addEventListener('keydown', heard);
  form.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  document.body.removeEventListener('keydown', heard);
  expect(close).toHaveBeenCalledOnce();
  expect(heard).not.toHaveBeenCalled();
});
