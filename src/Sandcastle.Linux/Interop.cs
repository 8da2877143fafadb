using System.Runtime.CompilerServices;

// Every signature is blittable by construction: what would need marshalling does not compile.
[assembly: DisableRuntimeMarshalling]
