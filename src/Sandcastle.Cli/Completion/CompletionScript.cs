namespace Sandcastle.Cli.Completion;

/// <summary>Completion scripts. Each asks this program itself, by its <c>[suggest:POSITION]</c> directive: it starts faster than a shell reads a list.</summary>
internal static class CompletionScript
{
    public static string[] Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>Not a shell: kubectl completes a plugin by a program of its own, in whatever shell kubectl itself is completed in.</summary>
    public const string KubectlPlugin = "kubectl";

    private const string Program = "@PROGRAM@";

    /// <summary>The name of a shell function may have no hyphen.</summary>
    private const string Function = "@FUNCTION@";

    public static string Of(string shell, string program)
    {
        var script = shell switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            KubectlPlugin => Kubectl,
            _ => throw new ArgumentOutOfRangeException(nameof(shell)),
        };
        return script.Replace(Program, program, StringComparison.Ordinal).Replace(Function, program.Replace('-', '_'), StringComparison.Ordinal);
    }

    private const string Kubectl = """
        #!/bin/sh
        # completion of `kubectl sandcastle`; put it into PATH, where kubectl finds it:
        #   kubectl sandcastle completion kubectl > ~/.local/bin/kubectl_complete-sandcastle && chmod +x ~/.local/bin/kubectl_complete-sandcastle
        line="@PROGRAM@ $*"
        for word; do :; done
        @PROGRAM@ "[suggest:${#line}]" "$line" 2>/dev/null | while IFS= read -r found; do
            case $found in
                -*) case $word in -*) ;; *) continue ;; esac ;;
            esac
            case $found in "$word"*) printf '%s\n' "$found" ;; esac
        done
        echo :0

        """;

    private const string Bash = """
        # bash completion of @PROGRAM@; put it where bash finds it:
        #   @PROGRAM@ completion bash > ~/.local/share/bash-completion/completions/@PROGRAM@
        _@FUNCTION@() {
            local word=${COMP_WORDS[COMP_CWORD]} line
            COMPREPLY=()
            while IFS= read -r line; do
                [[ $line == "$word"* && ( $line != -* || $word == -* ) ]] && COMPREPLY+=("$line")
            done < <(@PROGRAM@ "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
            if [[ ${#COMPREPLY[@]} == 0 && $word != -* ]]; then
                local IFS=$'\n'
                COMPREPLY=($(compgen -f -- "$word"))
            fi
        }
        complete -o filenames -F _@FUNCTION@ @PROGRAM@

        """;

    private const string Zsh = """
        #compdef @PROGRAM@
        # zsh completion of @PROGRAM@; put it into a directory of $fpath:
        #   @PROGRAM@ completion zsh > "${fpath[1]}/_@PROGRAM@"
        _@FUNCTION@() {
            local -a found
            found=("${(@f)$(@PROGRAM@ "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            [[ ${words[CURRENT]} == -* ]] || found=(${found:#-*})
            compadd -a found || _files
        }
        if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
            _@FUNCTION@ "$@"
        else
            compdef _@FUNCTION@ @PROGRAM@
        fi

        """;

    private const string Fish = """
        # fish completion of @PROGRAM@; put it where fish finds it:
        #   @PROGRAM@ completion fish > ~/.config/fish/completions/@PROGRAM@.fish
        function __@FUNCTION@_complete
            set -l line (commandline -cp | string collect)
            @PROGRAM@ "[suggest:"(string length -- $line)"]" $line 2>/dev/null
        end
        complete -c @PROGRAM@ -a '(__@FUNCTION@_complete)'

        """;
}
