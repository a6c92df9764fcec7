import { label, words } from '../../words';
import { Keys, Line, problemsAt } from '../../ui/form';
import type { Part } from '../visit';
import type { QuestionView } from '../../port/types';

/** 专项 – the community's questions, all on this one screen. Not asked is always an answer. */
export function Questions({ form, put, sheet, trouble }: Part) {
  const w = words.value;
  if (sheet.questions.length === 0) return null;
  const answered = (id: string) => form.answers.find((one) => one.question === id)?.value ?? '';
  const answer = (id: string, value: string) => {
    const others = form.answers.filter((one) => one.question !== id);
    put({ answers: value === '' ? others : [...others, { question: id, value }] });
  };
  const wrong = problemsAt(trouble?.problems ?? [], 'answers');
  return (
    <section class="part card">
      <h2>{w.visit.questions}</h2>
      {sheet.questions.map((one) => (
        <div class="question" key={one.id}>
          <Answer question={one} value={answered(one.id)} put={(value) => answer(one.id, value)} />
          <p class="hint">{one.why}</p>
        </div>
      ))}
      {wrong !== '' && <p class="problem">{wrong}</p>}
    </section>
  );
}

function Answer(props: { question: QuestionView; value: string; put: (value: string) => void }) {
  const w = words.value;
  const { question, value, put } = props;
  const text = label(question);
  const open = { id: '', text: w.visit.not_asked };
  switch (question.kind) {
    case 'yes-no':
      return <Keys label={text} value={value} put={put} options={[{ id: 'true', text: w.yes }, { id: 'false', text: w.no }, open]} />;
    case 'choice':
      return <Keys label={text} value={value} put={put} options={[...question.choices.map((one) => ({ id: one.id, text: label(one) })), open]} />;
    case 'number':
      return <Line label={text} type="number" value={value} put={put} min={question.min?.toString()} max={question.max?.toString()} />;
    case 'date':
      return <Line label={text} type="date" value={value} put={put} />;
    case 'text':
      return <Line label={text} value={value} put={put} length={question.max ?? undefined} />;
  }
}
