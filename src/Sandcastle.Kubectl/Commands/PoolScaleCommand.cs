using System.CommandLine;
using System.Text;
using Sandcastle.Cli;
using Sandcastle.Kubectl.ApiServer;
using Sandcastle.Kubectl.Objects;

namespace Sandcastle.Kubectl.Commands;

/// <summary><c>pool scale</c>: the least number of workers that a person wants, by the scale subresource, as kubectl scale sets it.</summary>
internal sealed class PoolScaleCommand : Command
{
    private readonly ClusterOptions _cluster;
    private readonly Argument<string> _name = new("NAME") { Description = "The pool" };

    private readonly Option<int> _workers = new("--workers", "--replicas")
    {
        Description = "Workers that there are at least; the operator keeps it within the pool's min and max",
        HelpName = "N",
        Required = true,
    };

    public PoolScaleCommand(ClusterOptions cluster)
        : base("scale", "Set the least number of workers of a pool")
    {
        _cluster = cluster;
        Arguments.Add(_name);
        Options.Add(_workers);
        SetAction(InvokeAsync);
    }

    private async Task<int> InvokeAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var name = ResourceName.Subdomain(result.GetRequiredValue(_name), _name.Name);
        var workers = result.GetValue(_workers);
        if (workers < 0)
        {
            throw new UsageException($"{_workers.Name}: {workers} is less than 0");
        }

        using var connection = _cluster.Connect(result);
        var path = $"{Resources.Pools.Path(connection.Namespace)}/{name}/scale";
        var scale = await connection.Api.PatchAsync(path, Encoding.UTF8.GetBytes($$$"""{"spec":{"replicas":{{{workers}}}}}"""), cancellationToken);
        Console.Out.WriteLine($"sandboxpool.{Resources.Pools.Group}/{name} scaled to at least {scale.Number("spec", "replicas") ?? workers}");
        return ExitCodes.Success;
    }
}
