import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.tsx";

interface ButtonProps {
  readonly label: string;
  readonly icon?: IconName;
  readonly kind?: "plain" | "primary" | "quiet";
  readonly title?: string;
  readonly isDisabled?: boolean;
  readonly isPressed?: boolean;
  readonly shortcut?: string;
  readonly onPress: () => void;
  readonly children?: ComponentChildren;
}

/** A button with words. */
export function Button({ label, icon, kind = "plain", title, isDisabled, isPressed, shortcut, onPress }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button ${kind}`}
      disabled={isDisabled}
      aria-pressed={isPressed}
      aria-keyshortcuts={shortcut}
      title={title}
      onClick={onPress}
    >
      {icon && <Icon name={icon} />}
      <span>{label}</span>
    </button>
  );
}

/** A button that shows an icon; its name is a tooltip and what a screen reader says. */
export function IconButton({
  label,
  icon,
  title,
  isDisabled,
  isPressed,
  shortcut,
  onPress,
}: ButtonProps & { icon: IconName }) {
  return (
    <button
      type="button"
      class="icon-button"
      disabled={isDisabled}
      aria-label={label}
      aria-pressed={isPressed}
      aria-keyshortcuts={shortcut}
      title={title ?? label}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}
