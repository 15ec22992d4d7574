import { words } from "../../strings/words.ts";
import { usePage } from "../context.ts";
import { Button } from "../controls/button.tsx";
import { useWatched } from "../desk/store.ts";
import { bytesText } from "../measures.ts";

/** Says what the finer network costs before it is fetched. */
export function Offer() {
  const { desk } = usePage();
  const bytes = useWatched(desk.state, (state) => state.offer);
  if (!bytes) return null;
  return (
    <aside class="offer" aria-label={words.offer.title}>
      <div role="status">
        <strong>{words.offer.title}</strong>
        <p>{words.offer.text(bytesText(bytes))}</p>
      </div>
      <div class="row">
        <Button label={words.offer.no} kind="quiet" onPress={() => desk.answerOffer(false)} />
        <Button label={words.offer.yes(bytesText(bytes))} kind="primary" onPress={() => desk.answerOffer(true)} />
      </div>
    </aside>
  );
}
