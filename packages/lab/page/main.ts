import { App } from './app.ts';

const root = document.querySelector<HTMLElement>('#app');
if (root !== null) new App(root).start();
