/** Buttons, fields and menus; every one that takes the focus keeps JupyterLab's own keys away from itself. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { Icon, type IconName } from "./icons";
import { useOwnId } from "../unique";

/** For every element that can have the focus: Lab then leaves keys pressed there alone. */
export const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" } as const;

interface ButtonProps {
  onClick: (event: MouseEvent) => void; children?: ComponentChildren; look?: "primary" | "soft" | "outlined" | "plain";
  icon?: IconName; label?: string; pressed?: boolean; expanded?: boolean; small?: boolean; class?: string; keys?: string;
  /** A reason why it cannot be used now: the button stays reachable and says so. */
  why_not?: string | undefined;
}

export function Button(
  { onClick, children, look = "outlined", icon, label, pressed, expanded, small, why_not, keys, ...rest }: ButtonProps,
) {
  const name = [
    "sr-button", `is-${look}`, children === undefined && "is-icon", small && "is-small", pressed && "is-on", rest.class,
  ].filter(Boolean).join(" ");
  return (
    <button type="button" class={name} {...OWN_KEYS} aria-label={label} aria-pressed={pressed} aria-expanded={expanded}
      aria-disabled={why_not ? "true" : undefined} aria-keyshortcuts={keys}
      title={why_not || (label ? label + (keys ? ` (${keys})` : "") : undefined)}
      onClick={(event) => { if (!why_not) onClick(event); }}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

export interface MenuItem { name: string; icon?: IconName; does: () => void; why_not?: string | undefined }

/** A button that opens a short list: arrow keys go through it, Escape closes it. */
export function Menu(
  { items, icon, label, children, look = "plain", align = "right" }:
  { items: readonly MenuItem[]; icon?: IconName; label: string; children?: ComponentChildren; look?: "plain" | "outlined";
    align?: "left" | "right" },
) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null), id = useOwnId();
  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const outside = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [open]);
  const close = (): void => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>("button")?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!open) return;
    const all = [...root.current!.querySelectorAll<HTMLElement>("[role=menuitem]")];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const go: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    if (event.key in go) all.at(go[event.key]! % all.length)?.focus();
    else if (event.key === "Escape") close();
    else if (event.key !== "Tab") return;
    event.stopPropagation();
    if (event.key === "Tab") setOpen(false);
    else event.preventDefault();
  };
  return (
    <div class="sr-menu" ref={root} onKeyDown={onKeyDown}>
      <button type="button" class={`sr-button is-${look} ${children === undefined ? "is-icon" : ""}`} {...OWN_KEYS}
        aria-label={label} title={label} aria-haspopup="menu" aria-expanded={open} aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}>
        {icon && <Icon name={icon} />}{children}
      </button>
      {open && (
        <div class={`sr-menu-list is-${align}`} role="menu" id={id} aria-label={label}>
          {items.map((item) => (
            <button type="button" role="menuitem" tabIndex={-1} {...OWN_KEYS} aria-disabled={item.why_not ? "true" : undefined}
              title={item.why_not} onClick={() => { if (!item.why_not) { close(); item.does(); } }}>
              {item.icon && <Icon name={item.icon} />}<span>{item.name}</span>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** A text that is taken on Enter or on leaving; Escape brings the old one back. */
export function TextField(
  { value, onTake, label, class: name, autofocus, ...rest }:
  { value: string; onTake: (text: string) => void; label: string; class?: string; autofocus?: boolean; maxLength?: number },
) {
  const field = useRef<HTMLInputElement>(null), typing = useRef(false), now = useRef(value);
  now.current = value;
  const show = (): void => { if (field.current && !typing.current) field.current.value = now.current; };
  useEffect(show, [value]);
  // The attribute counts only for what is there when a page loads.
  useEffect(() => { if (autofocus) { field.current?.focus(); field.current?.select(); } }, []);
  const take = (): void => {
    if (!typing.current) return;
    typing.current = false;
    if (field.current!.value !== value) onTake(field.current!.value);
    // What was not taken, or was put in other words, shows as it is.
    setTimeout(show);
  };
  return (
    <input ref={field} type="text" class={`sr-field ${name ?? ""}`} aria-label={label} defaultValue={value} {...OWN_KEYS} {...rest}
      onInput={() => { typing.current = true; }} onBlur={take}
      onKeyDown={(event) => {
        if (event.key === "Enter") take();
        if (event.key === "Escape" && typing.current) {
          typing.current = false;
          show();
          event.stopPropagation();
        }
      }} />
  );
}

export function Select<T extends string>(
  { value, options, onChoose, label, why_not }:
  { value: T; options: readonly { value: T; name: string }[]; onChoose: (value: T) => void; label: string; why_not?: string },
) {
  return (
    <span class="sr-select">
      <select class="sr-field" aria-label={label} value={value} disabled={!!why_not} title={why_not} {...OWN_KEYS}
        onChange={(event) => onChoose(event.currentTarget.value as T)}>
        {options.map((option) => <option value={option.value}>{option.name}</option>)}
      </select>
      <Icon name="down" />
    </span>
  );
}

/** A dialog over the page; on phones a sheet at its foot. Escape and a click outside close it. */
export function Dialog(
  { title, onClose, children, sheet }: { title: string; onClose: () => void; children: ComponentChildren; sheet?: boolean },
) {
  const dialog = useRef<HTMLDialogElement>(null), id = useOwnId();
  useEffect(() => {
    const here = dialog.current!, before = document.activeElement as HTMLElement | null;
    here.showModal();
    return () => {
      here.close();
      before?.focus?.();
    };
  }, []);
  return (
    <dialog ref={dialog} class={`sr-dialog ${sheet ? "is-sheet" : ""}`} aria-labelledby={id} {...OWN_KEYS}
      onCancel={(event) => { event.preventDefault(); onClose(); }}
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => { if (event.target === dialog.current) onClose(); }}>
      <div class="sr-dialog-inside">
        <header>
          <h2 id={id}>{title}</h2>
          <Button look="plain" icon="close" label="Close" onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
