/** Dark or light: JupyterLab says it on the body, otherwise the system does. */

export function followTheme(take: (dark: boolean, lab: boolean) => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const tell = (): void => {
    const lab = document.body.dataset["jpThemeLight"];
    take(lab === undefined ? system.matches : lab === "false", lab !== undefined);
  };
  const watch = new MutationObserver(tell);
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  system.addEventListener("change", tell);
  tell();
  return () => {
    watch.disconnect();
    system.removeEventListener("change", tell);
  };
}
