import { render } from "preact";

render(<main>Feathercut</main>, document.getElementById("app")!);
