// sandcastle: the command line of Kube-Sandcastle.
//
// Nothing here runs a program. `run` turns its flags into one POST /v1/runs, copies the events of the answer to stdout and stderr,
// and exits as the program did. Which server that is: --server, else SANDCASTLE_SERVER, else the user's own background server
// (Servers/ServerSession), started when it does not answer. `serve`, `doctor` and `mcp` execute sandcastled as a child (Processes/).
//
// `--kube` is for a program of its own, which has the same commands and those of a cluster: kubectl-sandcastle.
//
// The process lives for a few milliseconds, so the path of `run` starts nothing that it does not need: no thread pool, no HttpClient
// for a local server, no signal handlers. Ctrl-C is the default: the process dies, its connection closes, the server cancels the run.
using Sandcastle.Cli;

return await CommandLine.InvokeAsync(args);
