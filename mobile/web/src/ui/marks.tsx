import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { words } from '../words';
import type { DoorState, Place } from '../port/types';

/** 重 in a box of its own shape: told by sign and shape, not by colour. */
export function KeyMark() {
  const w = words.value;
  return (
    <span class="key-mark" role="img" aria-label={w.key_long}>
      {w.key_mark}
    </span>
  );
}

/** A short word of a list. */
export function Chip(props: { tone?: 'plain' | 'warn' | 'accent'; children: ComponentChildren }) {
  return <span class={`chip chip-${props.tone ?? 'plain'}`}>{props.children}</span>;
}

/** How a door stands: letter, pattern and colour say the same. */
export function StateMark(props: { state: DoorState; silent?: boolean }) {
  const w = words.value;
  return (
    <span class={`state state-${props.state}`} {...(props.silent === true ? { 'aria-hidden': 'true' } : { role: 'img', 'aria-label': w.state[props.state] })}>
      {w.letter[props.state]}
    </span>
  );
}

/** Where a door is, as one says it. */
export function placeText(place: Place | null): string {
  return place === null ? words.value.today.no_place : place.label;
}

/** 小区, 楼栋: a bare number gets its noun. */
export function buildingText(estate: string, building: string): string {
  const bare = /^[0-9A-Za-z]+$/.test(building);
  return `${estate} ${bare ? words.value.plan.building(building) : building}`.trim();
}

/** 单元; empty where the building has none. */
export function stairText(stair: string): string {
  return /^[0-9A-Za-z]+$/.test(stair) ? words.value.plan.stair(stair) : stair;
}

/** A question in front of the page; Escape and the back of it close it. */
export function Sheet(props: { title: string; onClose: () => void; children: ComponentChildren }) {
  const w = words.value;
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    if (dialog !== null && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={box}
      class="sheet"
      aria-label={props.title}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onClick={(event) => {
        if (event.target === box.current) props.onClose();
      }}
    >
      <div class="sheet-body">
        <div class="sheet-head">
          <h2>{props.title}</h2>
          <button type="button" class="icon-button" aria-label={w.close} onClick={props.onClose}>
            <span aria-hidden="true">×</span>
          </button>
        </div>
        {props.children}
      </div>
    </dialog>
  );
}

/** Asks before something that is hard to take back. */
export function Sure(props: { title: string; text: string; yes: string; onYes: () => void; onClose: () => void }) {
  return (
    <Sheet title={props.title} onClose={props.onClose}>
      <p>{props.text}</p>
      <div class="actions">
        <button type="button" class="button button-strong" onClick={props.onYes}>
          {props.yes}
        </button>
        <button type="button" class="button" onClick={props.onClose}>
          {words.value.cancel}
        </button>
      </div>
    </Sheet>
  );
}
