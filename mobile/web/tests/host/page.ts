// The page of the port's trials: no screens, the port alone, in reach of the trial's program.
import { BrowserPort } from '../../src/port/browser';
import { PortError, type PortEvents } from '../../src/port/port';

const makeWorker = () => new Worker('/host/worker.js', { type: 'module', name: 'ruhu' });
const port = new BrowserPort(makeWorker);
const heard: { name: keyof PortEvents; event: unknown }[] = [];
for (const name of ['changed', 'host', 'sync'] as const) port.on(name, (event) => heard.push({ name, event }));

/** Calls a function of the port; what it gives, or the trouble it fails with. */
async function call(name: string, args: unknown[]): Promise<{ gives: unknown } | { fails: unknown } | { wrong: string }> {
  try {
    const verb = (port as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[name];
    return { gives: (await verb?.apply(port, args)) ?? null };
  } catch (why) {
    // A port fails with nothing else.
    return why instanceof PortError ? { fails: why.trouble } : { wrong: String(why) };
  }
}

Object.assign(window, { call, heard });
