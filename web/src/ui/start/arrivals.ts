/** What is dropped on the page or pasted, from its first script on: what comes before the rest is there waits for it. */

type Receiver = (files: File[]) => void;

const waiting: File[][] = [];
let receiver: Receiver | null = null;

/** Listens from now on; without it the browser would leave the page for a file that falls on it. */
export function hearArrivals(): void {
  document.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (carriesFiles(event)) arrive(event, event.dataTransfer);
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) arrive(event, event.clipboardData);
  });
}

/** Gives `receive` what waited and all that follows, until the function that it answers is called. */
export function receiveArrivals(receive: Receiver): () => void {
  receiver = receive;
  for (const files of waiting.splice(0)) receive(files);
  return () => {
    receiver = null;
  };
}

export function carriesFiles(event: DragEvent): boolean {
  return Boolean(event.dataTransfer?.types.includes("Files"));
}

function arrive(event: Event, data: DataTransfer | null): void {
  event.preventDefault();
  // Read here: once the event is over, there is nothing in it.
  const files = [...(data?.files ?? [])];
  if (receiver) receiver(files);
  else waiting.push(files);
}
