/** Photo, answers and matte → Report: how far the matte can be trusted, and what is the matter with it. */
import type { Matte, Prediction } from "../pictures.ts";
import type { Finding, Kind, Report, Severity } from "../report.ts";
import type { Picture } from "../steps/refine.ts";
import * as blurred from "./blurred.ts";
import { confidenceOf, verdictOf } from "./confidence.ts";
import * as cutByFrame from "./cut_by_frame.ts";
import { type Evidence, evidenceOf } from "./evidence.ts";
import * as extremeCloseUp from "./extreme_close_up.ts";
import * as lowResolution from "./low_resolution.ts";
import * as networkDisagreement from "./network_disagreement.ts";
import * as noSubject from "./no_subject.ts";
import { otherMethod } from "./other_method.ts";
import * as overOrUnderExposed from "./over_or_under_exposed.ts";
import * as severalSubjects from "./several_subjects.ts";
import { type Bounds, find, type Look } from "./sign.ts";
import written from "./signs.json" with { type: "json" };
import * as similarColours from "./similar_colours.ts";
import * as transparent from "./transparent.ts";
import * as uncertainEdges from "./uncertain_edges.ts";

export const LOOKS: Readonly<Record<Kind, Look>> = {
  "no-subject": noSubject.look,
  "network-disagreement": networkDisagreement.look,
  "uncertain-edges": uncertainEdges.look,
  "similar-colours": similarColours.look,
  transparent: transparent.look,
  "several-subjects": severalSubjects.look,
  "cut-by-frame": cutByFrame.look,
  "extreme-close-up": extremeCloseUp.look,
  blurred: blurred.look,
  "over-or-under-exposed": overOrUnderExposed.look,
  "low-resolution": lowResolution.look,
};
const ORDER: readonly Severity[] = ["serious", "warning", "hint"];

/** What is to be said of the matte that was made of what the networks answered. */
export function diagnose(photo: Picture, predictions: readonly Prediction[], matte: Matte): Report {
  return reportOn(evidenceOf(photo, predictions, matte));
}

/** The same of what was reduced already. */
export function reportOn(evidence: Evidence): Report {
  const signs = written.signs as unknown as readonly Bounds[];
  const findings = signs
    .map((bounds) => find(LOOKS[bounds.kind], bounds, evidence))
    .filter((finding): finding is Finding => finding !== null)
    .sort((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity));
  const confidence = confidenceOf(evidence);
  const verdict = verdictOf(confidence, findings);
  return { confidence, findings, verdict, method: otherMethod(evidence, verdict) };
}
