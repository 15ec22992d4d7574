/** English sentences: what went wrong, how it works, what happened meanwhile. */
import type { ErrorCode } from "../../errors.ts";

/** What happened, and what to do. */
interface Sentence {
  readonly what: string;
  readonly todo: string;
}

export const errors: Record<ErrorCode | "unknown", Sentence> = {
  option: { what: "A setting has a value that cannot be used.", todo: "Set it anew, or reset it." },
  method: {
    what: "This photo is not one for that: its border shows no such backdrop.",
    todo: "It stays as it was. Choose another way to draw it.",
  },
  shape: { what: "Something inside went wrong with this photo.", todo: "Try it again." },
  "not-a-picture": {
    what: "This file is not a picture that can be read here.",
    todo: "Choose a JPEG, PNG, WebP, AVIF, GIF, BMP, TIFF or HEIC file.",
  },
  "not-here": {
    what: "This browser cannot open pictures of this kind.",
    todo: "Save it as JPEG or PNG in your photo app, or use the feathercut command.",
  },
  "damaged-picture": {
    what: "This picture is damaged: a part of the file is missing or wrong.",
    todo: "Get the file anew from where it came from.",
  },
  "too-large": {
    what: "This picture has more pixels than this browser can hold.",
    todo: "Make it smaller first, or use the feathercut command.",
  },
  output: { what: "The file could not be made.", todo: "Try another format, or save it again." },
  "unknown-model": {
    what: "This recipe names a network that this page does not know.",
    todo: "Reload for the newest page.",
  },
  weights: {
    what: "A network arrived damaged; it was thrown away.",
    todo: "Try again: it is fetched anew.",
  },
  network: {
    what: "The network gave up on this photo.",
    todo: "Close other pages where memory is short, and try again.",
  },
  device: {
    what: "The processor or graphics card gave up on this photo.",
    todo: "Try again; where that fails too, choose “Processor” in Settings.",
  },
  storage: {
    what: "This browser has no room left here, or keeps nothing: a reload would lose this photo and your edits.",
    todo: "Go on as you like. Save the recipe to keep what you did.",
  },
  recipe: { what: "This recipe cannot be used.", todo: "Choose a .feathercut.json file that was saved here." },
  offline: {
    what: "The connection is missing or broke, and not everything is on this machine yet.",
    todo: "Try again once there is one: it goes on where it stopped.",
  },
  unknown: { what: "Something unforeseen happened.", todo: "Try again; your photos and edits are still here." },
};

export const telling = {
  explain: {
    title: "How it works",
    subtitle: "On your own photo, one step after another.",
    back: "Back to the editor",
    none: "Open a photo first: this page shows what happens to it.",
    working: "Asking the network again, with its inner answers…",
    pictures: {
      input: {
        title: "What the network is given",
        text: "Your photo, squeezed to a square of 1024 × 1024 pixels. Its shape is lost on purpose: the network was taught on squares.",
      },
      "depth-6": {
        title: "Depth 6: a first guess",
        text: "The deepest layers see the whole photo at once and say where a subject is, hardly what shape it has.",
      },
      "depth-5": {
        title: "Depth 5",
        text: "A step up, with a little more to see: the mass of the subject takes its place.",
      },
      "depth-4": { title: "Depth 4", text: "Limbs and large gaps appear." },
      "depth-3": { title: "Depth 3", text: "Contours begin to follow the photo." },
      "depth-2": { title: "Depth 2", text: "Small parts and thin gaps." },
      "depth-1": {
        title: "Depth 1: the answer",
        text: "All depths together. White is the subject, black is not, grey is both.",
      },
      matte: {
        title: "The matte",
        text: "The answer, back at your photo’s size: how much of each pixel is the subject.",
      },
      edges: {
        title: "The edges",
        text: "Where the matte is soft, the photo’s own edges decide; these are the pixels that changed.",
      },
      colours: {
        title: "The subject’s own colours",
        text: "A hair’s pixel holds some background too. It is taken out, so that no fringe shows on a new background.",
      },
    },
  },

  notices: {
    label: "Notices",
    close: "Dismiss",
    update: "A new version is here. It is used from the next start.",
    update_now: "Restart now",
    offline_ready: "Ready to work offline.",
    recipe_needs: (name: string) => `This recipe belongs to “${name}”. Add that photo and it is applied.`,
    recipe_other: "This recipe was made for another photo; it may not fit.",
    details: "Details",
    nothing: "There was no picture in that.",
    passing: {
      window:
        "This window keeps nothing: the networks are fetched again on the next visit. Your photos are not affected.",
      room: "There is no room to keep the networks: they are fetched again on the next visit. Free some space to change that.",
    },
  },
};
