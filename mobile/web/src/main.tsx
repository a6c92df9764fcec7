import { render } from 'preact';
import { App } from './app';
import { BrowserPort } from './port/browser';
import { takeInvitation } from './screens/enrol';
import { begin } from './store';
import './styles/base.css';
import './styles/parts.css';
import './styles/form.css';
import './styles/screens.css';
import './styles/paper.css';

takeInvitation();
const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no place for the app');
render(<App />, root);
void begin(new BrowserPort());

// Held offline from the first start on; development reads its files from Vite.
if ('serviceWorker' in navigator && import.meta.env.PROD) {
  navigator.serviceWorker.register('./sw.js').catch((why: unknown) => console.error(why));
}
