namespace Sandcastle.Cli.Completion;

/// <summary>Completion scripts. Each asks this program itself, by its <c>[suggest:POSITION]</c> directive: it starts faster than a shell reads a list.</summary>
internal static class CompletionScript
{
    public static string[] Shells { get; } = ["bash", "zsh", "fish"];

    public static string Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => throw new ArgumentOutOfRangeException(nameof(shell)),
    };

    private const string Bash = """
        # bash completion of sandcastle; put it where bash finds it:
        #   sandcastle completion bash > ~/.local/share/bash-completion/completions/sandcastle
        _sandcastle() {
            local word=${COMP_WORDS[COMP_CWORD]} line
            COMPREPLY=()
            while IFS= read -r line; do
                [[ $line == "$word"* && ( $line != -* || $word == -* ) ]] && COMPREPLY+=("$line")
            done < <(sandcastle "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
            if [[ ${#COMPREPLY[@]} == 0 && $word != -* ]]; then
                local IFS=$'\n'
                COMPREPLY=($(compgen -f -- "$word"))
            fi
        }
        complete -o filenames -F _sandcastle sandcastle

        """;

    private const string Zsh = """
        #compdef sandcastle
        # zsh completion of sandcastle; put it into a directory of $fpath:
        #   sandcastle completion zsh > "${fpath[1]}/_sandcastle"
        _sandcastle() {
            local -a found
            found=("${(@f)$(sandcastle "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            [[ ${words[CURRENT]} == -* ]] || found=(${found:#-*})
            compadd -a found || _files
        }
        if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
            _sandcastle "$@"
        else
            compdef _sandcastle sandcastle
        fi

        """;

    private const string Fish = """
        # fish completion of sandcastle; put it where fish finds it:
        #   sandcastle completion fish > ~/.config/fish/completions/sandcastle.fish
        function __sandcastle_complete
            set -l line (commandline -cp | string collect)
            sandcastle "[suggest:"(string length -- $line)"]" $line 2>/dev/null
        end
        complete -c sandcastle -a '(__sandcastle_complete)'

        """;
}
