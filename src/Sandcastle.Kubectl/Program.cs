// kubectl-sandcastle: Kube-Sandcastle in a cluster, for `kubectl sandcastle …` and `sandcastle --kube …`.
//
// The commands are those of sandcastle, which is a library here, and the cluster's own (Commands/). What differs is the way to the server:
// every request goes to the API server that the kubeconfig names (Kubeconfigs/), as its user (Credentials/, ApiServer/), and from there
// through the proxy subresource to the manager's Service or to a worker's Pod (Proxy/). Nothing else is opened.
//
// Two identities travel. The kubeconfig's credentials are for the API server, which takes them off. The manager gets a token of its own,
// of a service account of the tenant's namespace and of no use elsewhere; a worker gets a ticket from the manager, and never a token.
using Sandcastle.Cli;
using Sandcastle.Kubectl.Commands;
using Sandcastle.Kubectl.Kubeconfigs;

return await CommandLine.InvokeAsync(new KubectlCommand(), KubeSwitch.ToContext(args));
