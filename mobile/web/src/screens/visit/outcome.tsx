import { useState } from 'preact/hooks';
import { coded, words } from '../../words';
import { state } from '../../store';
import { Checks, Keys, Line, Pick, problemsAt, Tick } from '../../ui/form';
import { outcomeOf, type Part } from '../visit';
import type { OutcomeForm } from '../../port/types';

/** 走访结果 with what belongs to it. */
export function OutcomePart({ form, put, sheet, forms, trouble }: Part) {
  const w = words.value;
  const problems = trouble?.problems ?? [];
  const at = (field: string) => problemsAt(problems, field);
  const vacant = sheet.unit.startsWith('vacant/');
  const offered = forms.outcomes.filter((one) => !vacant || !one.met);
  const outcome = form.outcome;
  const shape = forms.outcomes.find((one) => one.code === outcome?.code);
  // Chosen before this page, one line is enough. Chosen here, the list stays: arrow keys walk through it.
  const [choosing, open] = useState(outcome === null);
  const unsaid = shape?.informing === 'must' && outcome?.informant === null;
  const wrong = [unsaid ? '' : at('outcome'), at('unit')].filter((one) => one !== '').join('; ');
  const choose = (code: string) => {
    const next = forms.outcomes.find((one) => one.code === code);
    const stays = next?.met === true;
    put({
      outcome: outcomeOf(code),
      nothing_changed: stays && form.nothing_changed,
      met: stays ? form.met : [],
      child_alone: next?.note_left === true && form.child_alone,
      appointment: next?.appointment === true ? (form.appointment ?? { on: '', at: null }) : form.appointment,
    });
  };
  const say = (some: Partial<OutcomeForm>) => {
    if (outcome !== null) put({ outcome: { ...outcome, ...some } });
  };
  const adults = sheet.members.filter((one) => !one.child);
  return (
    <section class="part">
      {outcome !== null && !choosing ? (
        <>
          <div class="chosen">
            <p>
              {w.visit.outcome} <strong>{coded(w.outcome, outcome.code)}</strong>
            </p>
            <button type="button" class="button" onClick={() => open(true)}>
              {w.visit.change_outcome}
            </button>
          </div>
          {wrong !== '' && <p class="problem">{wrong}</p>}
        </>
      ) : (
        <Keys
          label={w.visit.outcome}
          wide
          value={outcome?.code ?? ''}
          options={offered.map((one) => ({ id: one.code, text: coded(w.outcome, one.code) }))}
          put={choose}
          wrong={wrong}
        />
      )}
      {outcome !== null && shape !== undefined && (
        <>
          {shape.note_left && <Tick label={w.visit.note_left} value={outcome.note_left} put={(note_left) => say({ note_left })} />}
          {shape.note_left && !vacant && <Tick label={w.visit.child_alone} value={form.child_alone} put={(child_alone) => put({ child_alone })} />}
          {shape.until && (
            <Line
              label={w.visit.until}
              type="date"
              min={form.visited_on ?? state.value?.today}
              value={outcome.do_not_ask_until ?? ''}
              put={(day) => say({ do_not_ask_until: day === '' ? null : day })}
              wrong={at('do-not-ask-until')}
            />
          )}
          {shape.informing !== 'not' && (
            <Pick
              label={shape.informing === 'must' ? w.visit.informant : w.visit.informant_vacant}
              value={outcome.informant ?? ''}
              options={Object.entries(w.informant).map(([id, text]) => ({ id, text }))}
              put={(informant) => say({ informant: informant === '' ? null : informant })}
              empty={shape.informing === 'must' ? w.choose : w.none}
              wrong={unsaid ? at('outcome') : ''}
            />
          )}
          {shape.left_on && (
            <Line
              label={w.visit.left_on}
              type="date"
              value={outcome.left_on ?? ''}
              put={(day) => say({ left_on: day === '' ? null : day })}
              wrong={at('left-on')}
            />
          )}
          {shape.met && 1 < adults.length && (
            <Checks
              label={w.visit.met}
              value={form.met}
              options={adults.map((one) => ({ id: one.person, text: one.name }))}
              put={(met) => put({ met })}
              wrong={at('met')}
            />
          )}
          {shape.met && (
            <Tick
              label={w.visit.nothing_changed}
              value={form.nothing_changed}
              put={(nothing_changed) => put({ nothing_changed })}
              wrong={at('nothing-changed')}
            />
          )}
        </>
      )}
    </section>
  );
}
