// What eslint looks for in the console, from its own rules alone, so that nothing but eslint is needed.
//
// Not layout: that is a matter of reading. Types are tsc's part.

// What tests have beyond that: node's own and, in functions that they hand to a page, a browser's.
const ofTests = Object.fromEntries(
  ["Buffer", "console", "Element", "getComputedStyle", "MutationObserver", "performance", "process", "TextEncoder", "XMLSerializer"].map((name) => [name, "readonly"]),
);

const browser = Object.fromEntries(
  [
    "AbortController", "clearTimeout", "crypto", "document", "DOMException", "Event", "EventTarget", "fetch", "FormData", "Headers",
    "HTMLElement", "history", "localStorage", "location", "matchMedia", "navigator", "Node", "Response", "sessionStorage", "setInterval",
    "setTimeout", "speechSynthesis", "SpeechSynthesisUtterance", "TextDecoder", "URL", "URLSearchParams", "window",
  ].map((name) => [name, "readonly"]),
);

export default [
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      curly: ["error", "multi-line"],
      "default-case-last": "error",
      eqeqeq: "error",
      "no-alert": "error",
      "no-console": "error",
      "no-constant-condition": ["error", { checkLoops: false }],
      "no-dupe-keys": "error",
      "no-duplicate-imports": "error",
      "no-empty": "error",
      "no-eval": "error",
      "no-fallthrough": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-param-reassign": "error",
      "no-redeclare": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Text is never HTML: see dom.js." },
        { property: "outerHTML", message: "Text is never HTML: see dom.js." },
        { property: "insertAdjacentHTML", message: "Text is never HTML: see dom.js." },
        { object: "document", property: "write", message: "Text is never HTML: see dom.js." },
      ],
      "no-script-url": "error",
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-throw-literal": "error",
      "no-undef": "error",
      "no-unreachable": "error",
      "no-unused-private-class-members": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
  { files: ["tests/**/*.js"], languageOptions: { globals: ofTests } },
  { files: ["tests/console/browser/figures.js"], rules: { "no-console": "off" } },
];
