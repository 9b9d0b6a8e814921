import DefaultTheme from 'vitepress/theme';
import LiveEnding from './LiveEnding.vue';
import './style.css';

export default {
  extends: DefaultTheme,
  enhanceApp: ({ app }) => void app.component('LiveEnding', LiveEnding),
};
