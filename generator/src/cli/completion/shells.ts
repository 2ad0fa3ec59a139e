/** A command, as completion needs it. */
export interface Described {
  readonly name: string;
  readonly description: string;
  readonly options: readonly DescribedOption[];
}

interface DescribedOption {
  /** With its dashes. */
  readonly long: string;
  readonly short?: string;
  readonly description: string;
  readonly choices?: readonly string[];
}

/** Makes the script for each shell. Files are completed where nothing else is known. */
export const shells: Readonly<Record<string, (commands: readonly Described[]) => string>> = {
  bash: (commands) => `# sessgen completion bash >> ~/.bashrc
_sessgen() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  COMPREPLY=()
  case "\${COMP_WORDS[1]} $previous" in
${choicesOf(commands)
  .map(({ command, option, choices }) => `    "${command} ${option}") words="${choices.join(" ")}" ;;`)
  .join("\n")}
    *)
      if [[ $COMP_CWORD -eq 1 ]]; then
        words="${commands.map(({ name }) => name).join(" ")}"
      elif [[ $current == -* ]]; then
        case "\${COMP_WORDS[1]}" in
${commands.map(({ name, options }) => `          ${name}) words="${options.map(({ long }) => long).join(" ")}" ;;`).join("\n")}
        esac
      fi
      ;;
  esac
  [[ -n $words ]] && mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  return 0
}
complete -o default -F _sessgen sessgen
`,
  zsh: (commands) => `#compdef sessgen
# sessgen completion zsh > "\${fpath[1]}/_sessgen"
_sessgen() {
  local -a commands
  commands=(
${commands.map(({ name, description }) => `    ${quoted(`${name}:${escapedColons(description)}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2]" in
${commands
  .map(
    ({ name, options }) =>
      `    ${name})\n      _arguments ${[...options.map(zshOption), quoted("*:file:_files")].join(" \\\n        ")}\n      ;;`,
  )
  .join("\n")}
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _sessgen "$@"; else compdef _sessgen sessgen; fi
`,
  fish: (commands) => `# sessgen completion fish > ~/.config/fish/completions/sessgen.fish
${commands
  .map(
    ({ name, description }) =>
      `complete -c sessgen -n __fish_use_subcommand -f -a ${name} -d ${fishQuoted(description)}`,
  )
  .join("\n")}
${commands.flatMap(({ name, options }) => options.map((option) => fishOption(name, option))).join("\n")}
`,
};

function choicesOf(
  commands: readonly Described[],
): readonly { readonly command: string; readonly option: string; readonly choices: readonly string[] }[] {
  return commands.flatMap(({ name, options }) =>
    options.flatMap(({ long, choices }) =>
      choices === undefined ? [] : [{ command: name, option: long, choices }],
    ),
  );
}

function zshOption({ long, description, choices }: DescribedOption): string {
  const text = `${long}[${description.replace(/[[\]:]/g, "\\$&")}]`;
  return quoted(choices === undefined ? text : `${text}:value:(${choices.join(" ")})`);
}

function fishOption(command: string, { long, short, description, choices }: DescribedOption): string {
  const letters = short === undefined ? "" : ` -s ${short.slice(1)}`;
  const values = choices === undefined ? "" : ` -x -a ${fishQuoted(choices.join(" "))}`;
  return `complete -c sessgen -n ${fishQuoted(`__fish_seen_subcommand_from ${command}`)} -l ${long.slice(2)}${letters} -d ${fishQuoted(description)}${values}`;
}

function escapedColons(text: string): string {
  return text.replaceAll(":", "\\:");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Fish knows the backslash between single quotes. */
function fishQuoted(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
