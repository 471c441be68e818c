using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ServeFlow.Models;

/// <summary>Ways to evaluate trees. All give the same classes and, within 1e-6, the same probabilities.</summary>
public enum ScoringEngine
{
    /// <summary>Walks every tree for every flow: slow and obvious.</summary>
    Reference,

    /// <summary>Bit-sliced, 128 flows at a time, without instructions of a certain processor.</summary>
    Portable,

    /// <summary>Bit-sliced, 256 flows at a time; codes of five bits, looked up by <c>vpshufb</c>.</summary>
    Avx2,

    /// <summary>Bit-sliced, 512 flows at a time; codes of six bits, looked up by VBMI's <c>vpermb</c>.</summary>
    Avx512,
}

/// <summary>Chooses the engine that serves forests.</summary>
public static class ScoringEngines
{
    /// <summary>
    /// Forces an engine: <c>reference</c>, <c>portable</c>, <c>avx2</c>, <c>avx512</c>, or <c>bitsliced</c>, the
    /// fastest that the processor has, which is also the default. Where the processor lacks an engine's
    /// instructions, the same kernel runs on portable equivalents of them: slower, with the same results.
    /// </summary>
    public const string EnvironmentVariable = "SERVEFLOW_ENGINE";

    /// <summary>Gets the fastest engine for this processor.</summary>
    public static ScoringEngine Best =>
        Vector512.IsHardwareAccelerated && Avx512Vbmi.IsSupported ? ScoringEngine.Avx512
        : Avx2.IsSupported ? ScoringEngine.Avx2
        : ScoringEngine.Portable;

    /// <summary>Returns the engine that <see cref="EnvironmentVariable"/> asks for.</summary>
    /// <exception cref="InputException">There is no such engine.</exception>
    public static ScoringEngine FromEnvironment() => Parse(Environment.GetEnvironmentVariable(EnvironmentVariable));

    internal static ScoringEngine Parse(string? value) => value switch
    {
        null or "" or "bitsliced" => Best,
        "reference" => ScoringEngine.Reference,
        "portable" => ScoringEngine.Portable,
        "avx2" => ScoringEngine.Avx2,
        "avx512" => ScoringEngine.Avx512,
        var other => throw new InputException($"{EnvironmentVariable}={other}: no such engine; "
            + "use bitsliced, avx512, avx2, portable or reference"),
    };
}
