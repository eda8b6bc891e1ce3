/** Starts the console: theme and language first, then the shell, then the page by its path. */

import { mount } from "svelte";
import "./app.css";
import App from "./shell/App.svelte";
import { unlockAudio } from "./shell/tones";

window.addEventListener("pointerdown", unlockAudio);
window.addEventListener("keydown", unlockAudio);

const target = document.getElementById("app");
if (target && location.pathname === "/login") {
  void import("./pages/login/LoginPage.svelte").then(({ default: Page }) => mount(Page, { target }));
} else if (target) mount(App, { target });
