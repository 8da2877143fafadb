using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Tenants;

/// <summary>Finds out who makes a request. Safe for concurrent use.</summary>
public interface ICallerCheck
{
    /// <exception cref="RefusalException">unauthenticated: nothing was shown, or it is not valid.</exception>
    ValueTask<ClaimsPrincipal> CheckAsync(HttpContext context);
}
