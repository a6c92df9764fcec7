import { useEffect } from 'preact/hooks';
import { fault, host, look, port, state } from './store';
import { prefs } from './prefs';
import { route } from './route';
import { words } from './words';
import { Tabs, TroubleBox } from './ui/page';
import { CreateScreen, Front, LockScreen, ShutScreen } from './screens/lock';
import { EnrolScreen, invited, RightsScreen } from './screens/enrol';
import { TodayScreen } from './screens/today';
import { HouseholdScreen } from './screens/household';
import { VisitScreen } from './screens/visit';
import { BuildingsScreen, PlanScreen } from './screens/plan';
import { NewHouseholdScreen, UseScreen } from './screens/found';
import { SyncScreen } from './screens/sync';
import { HelpScreen } from './screens/help';
import { MessagesScreen } from './screens/messages';
import { FindingScreen } from './screens/messages/finding';
import { LineScreen } from './screens/messages/line';
import { RevisitScreen } from './screens/messages/revisit';
import { MineScreen } from './screens/mine';
import { SheetScreen } from './screens/sheet';

/** Screens that show one household: leaving them masks it again. */
const OF_A_HOUSEHOLD = new Set(['unit', 'visit']);

/** Forms: their own keys stand where the menu does elsewhere. */
const FORMS = new Set(['new', 'use', 'revisit']);

export function App() {
  const now = host.value;
  const at = route.value;
  const near = OF_A_HOUSEHOLD.has(at.screen);
  const open = now?.standing === 'open';
  useEffect(() => {
    if (open && !near) port().ask('close', {}).catch(() => undefined);
  }, [open, near]);
  if (now === null) return <p class="quiet starting">{words.value.loading}</p>;
  switch (now.standing) {
    case 'new':
      return <CreateScreen />;
    case 'locked':
      return <LockScreen />;
    case 'other-tab':
    case 'no-storage':
    case 'erased':
      return <ShutScreen standing={now.standing} />;
    case 'open':
      break;
  }
  const standing = state.value;
  if (standing === null && fault.value !== null) {
    return (
      <Front title={words.value.trouble.title}>
        <TroubleBox trouble={fault.value} again={() => void look()} />
      </Front>
    );
  }
  if (standing === null) return <p class="quiet starting">{words.value.loading}</p>;
  if (standing.who === null || at.screen === 'enrol' || invited.value !== '') return <EnrolScreen />;
  if (!prefs.value.rights) return <RightsScreen />;
  return (
    <>
      <Screen key={standing.practice === null ? 'real' : 'practice'} />
      {!OF_A_HOUSEHOLD.has(at.screen) && !FORMS.has(at.screen) && <Tabs />}
    </>
  );
}

function Screen() {
  const { screen, rest } = route.value;
  const [first, second] = rest;
  const practising = state.value?.practice != null;
  switch (screen) {
    case 'unit':
      return first === undefined ? <TodayScreen /> : <HouseholdScreen key={first} unit={first} />;
    case 'visit':
      return first === undefined ? <TodayScreen /> : <VisitScreen key={first} unit={first} />;
    case 'plan':
      return first === undefined || second === undefined ? <BuildingsScreen /> : <PlanScreen estate={first} building={second} />;
    case 'new':
      return <NewHouseholdScreen />;
    case 'use':
      return first === undefined ? <BuildingsScreen /> : <UseScreen dwelling={first} />;
    case 'sync':
      return practising ? <TodayScreen /> : <SyncScreen />;
    case 'mine':
      return practising ? <TodayScreen /> : <MineScreen />;
    case 'messages':
      return <MessagesScreen />;
    case 'revisit':
      return first === undefined ? <MessagesScreen /> : <RevisitScreen key={first} of={first} />;
    case 'finding':
      return first === undefined ? <MessagesScreen /> : <FindingScreen key={first} of={first} />;
    case 'line':
      return first === undefined ? <MessagesScreen /> : <LineScreen key={first} of={first} />;
    case 'help':
      return <HelpScreen />;
    case 'sheet':
      return <SheetScreen />;
    default:
      return <TodayScreen />;
  }
}
