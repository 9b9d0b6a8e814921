import rxjs from 'eslint-plugin-rxjs-x';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  { ignores: ['**/dist/**', 'coverage/**', 'reports/**', '.stryker-tmp/**', '**/*.mjs', '**/etc/**', 'docs/**', 'examples/angular/**'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, rxjs.configs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
      'rxjs-x/finnish': [
        'error',
        // Streams end in $, Subjects in Subject; what only makes a stream has the name of what it makes.
        {
          functions: false,
          methods: false,
          parameters: false,
          properties: true,
          variables: true,
          strict: false,
          names: { '[sS]ubject$': false },
        },
      ],
      'rxjs-x/no-ignored-subscription': 'error',
      'rxjs-x/no-ignored-takewhile-value': 'off',
      'rxjs-x/no-ignored-default-value': 'off',
      'rxjs-x/no-sharereplay': ['error', { allowConfig: false }],
    },
  },
  {
    files: ['{src,packages/*/{src,page}}/**/*.ts'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      // Streams of a session never error. A handler would be dead code, and would hide a defect that RxJS reports otherwise.
      'rxjs-x/no-ignored-error': 'off',
    },
  },
  {
    files: ['{spec,packages/*/spec}/**/*.ts', 'examples/**/*.ts', '*.config.ts'],
    rules: {
      'rxjs-x/finnish': 'off',
      'rxjs-x/no-ignored-subscription': 'off',
      'rxjs-x/no-ignored-error': 'off',
      'rxjs-x/no-floating-observables': 'off',
      'rxjs-x/no-nested-subscribe': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
    },
  },
);
