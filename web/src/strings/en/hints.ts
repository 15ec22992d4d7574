/** English words for what is said of a cutout. The sentences are Python's; what helps is said for the page. */
import signs from "../../diagnose/signs.json" with { type: "json" };
import type { Kind } from "../../report.ts";

export const hints = {
  label: "What is said of this cutout",
  verdicts: { fine: "Looks fine", look: "Look at it", redo: "Try another way" },
  verdict_says: {
    fine: "Nothing speaks against this cutout.",
    look: "This cutout wants a look before it is used.",
    redo: "This cutout wants another try.",
  },
  confidence: (percent: number) => `Of 100 cutouts like this one, about ${percent} are right to within 2 %.`,
  count: (count: number) => (count === 1 ? "1 hint" : `${count} hints`),
  in_queue: (state: string, verdict: string) => `${state}, ${verdict.toLowerCase()}`,
  close: "Close hints",
  finer: "Use the finer network",
  says: Object.fromEntries(signs.signs.map(({ kind, sentence }) => [kind, sentence])) as Record<Kind, string>,
  todo: {
    "no-subject": "Draw what is meant with the restore brush.",
    "low-resolution": "Use a larger version of the photo, if there is one.",
    "similar-colours": "Check the outline there, and mend it with a smart brush.",
    transparent: "Look at it on another background; let more of that through, or draw what must be solid.",
    "several-subjects": "Choose those that are meant.",
    "cut-by-frame": "Let the cut side lie on the border of the new picture.",
    "extreme-close-up": "Use a photo that shows the subject from farther away.",
    "uncertain-edges": "Raise the edge contrast, or draw the outline with a smart brush.",
    blurred: "Expect soft edges; raise the edge contrast, or use a sharper photo.",
    "over-or-under-exposed": "Correct the exposure first, or use another photo.",
    "network-disagreement": "Check the marked part, and mend it with a brush.",
  } satisfies Record<Kind, string> as Record<Kind, string>,
  method_says: {
    chroma: "This photo has a screen of one strong colour: keyed by it, every strand is kept.",
    plain: "This photo has a plain backdrop: what differs from it may be the better cutout.",
  },
  methods: { chroma: "Key the screen", plain: "Use the backdrop" },
  acts: {
    restore: "Restore brush",
    smart: "Smart brush",
    subjects: "Choose subjects",
    canvas: "Place it",
    edge: "Edge sliders",
    through: "Let more through",
  },
};
