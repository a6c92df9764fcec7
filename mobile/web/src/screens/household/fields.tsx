import { label, words } from '../../words';
import { Chip } from '../../ui/marks';
import { valueText } from '../../ui/values';
import type { FieldView, Household, MemberView } from '../../port/types';

/** 成员 – masked, or with their fields and the form of each category. */
export function Members(props: { sheet: Household }) {
  const w = words.value;
  return (
    <section class="card">
      <h2>{w.unit.members}</h2>
      <ul class="members">
        {props.sheet.members.map((one) => (
          <li key={one.person}>
            <p class="member">
              <strong>{one.name}</strong>
              {one.head && <Chip>{w.unit.head}</Chip>}
              {one.categories.map((chip) => (
                <Chip tone="accent">{label(chip)}</Chip>
              ))}
              {one.has_categories && one.categories.length === 0 && <Chip>{w.unit.in_category}</Chip>}
            </p>
            <MemberForms member={one} members={props.sheet.members} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A member's own fields, then each category's form with why it is asked. */
function MemberForms(props: { member: MemberView; members: MemberView[] }) {
  const { member } = props;
  const plain = member.fields.filter((field) => !field.key.includes('/c/') && !field.key.endsWith('/name') && field.value !== '');
  return (
    <>
      <Fields fields={plain} members={props.members} />
      {member.categories.map((chip) => (
        <details>
          <summary>{label(chip)}</summary>
          <Fields fields={member.fields.filter((field) => field.key.includes(`/c/${chip.id}/`))} members={props.members} why />
        </details>
      ))}
    </>
  );
}

/** 户情 – the fields of the household as a whole. */
export function HouseFields(props: { sheet: Household }) {
  const w = words.value;
  return (
    <section class="card">
      <h2>{w.unit.fields}</h2>
      <Fields fields={props.sheet.fields} members={props.sheet.members} />
    </section>
  );
}

function Fields(props: { fields: FieldView[]; members: MemberView[]; why?: boolean }) {
  const w = words.value;
  if (props.fields.length === 0) return null;
  const whys = [...new Set(props.fields.map((field) => field.why).filter((why) => why !== ''))];
  return (
    <>
      <dl class="fields">
        {props.fields.map((field) => (
          <div key={field.key}>
            <dt>{label(field)}</dt>
            <dd>
              <Value field={field} members={props.members} />
            </dd>
          </div>
        ))}
      </dl>
      {props.why === true && 0 < whys.length && (
        <p class="hint">
          {w.unit.why}: {whys.join(' · ')}
        </p>
      )}
    </>
  );
}

/** A value; a telephone number can be called. */
function Value(props: { field: FieldView; members: MemberView[] }) {
  const text = valueText(props.field, props.members);
  if (text === '') return <span class="quiet">{words.value.unit.empty}</span>;
  if (!/phone2?$/.test(props.field.key) || !/^[+\d][\d\s-]+$/.test(text)) return <>{text}</>;
  return (
    <a class="phone" href={`tel:${text.replace(/[^+\d]/g, '')}`}>
      {text}
    </a>
  );
}
