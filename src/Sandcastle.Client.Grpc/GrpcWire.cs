namespace Sandcastle.Client.Grpc;

/// <summary>How gRPC travels.</summary>
public enum GrpcWire
{
    /// <summary>HTTP/2, to the server's gRPC listener.</summary>
    Native,

    /// <summary>gRPC-Web over HTTP/1.1, to the REST listener, and through proxies that know only that.</summary>
    Web,
}
