/** The subject goes on beyond the frame. */
import { count, type Look } from "./sign.ts";

export const look: Look = ({ subject, grid: [height, width] }) => {
  const isFrame = (at: number): boolean => {
    const [y, x] = [Math.floor(at / width), at % width];
    return y === 0 || x === 0 || y === height - 1 || x === width - 1;
  };
  const touched = subject.map((mark, at) => (mark && isFrame(at) ? 1 : 0));
  const frame = count(subject.map((_, at) => (isFrame(at) ? 1 : 0)));
  return [count(touched) / frame, touched];
};
