namespace ServeFlow.Cluster;

/// <summary>Says in one line what Orleans says with exceptions.</summary>
static class ClusterProblem
{
    /// <summary>Describes why a connection was not made: who is sent away is not told why.</summary>
    public static string DescribeConnecting(Exception error) => error is OperationCanceledException ? "does not answer"
        : Describe(error) is var said && said.StartsWith("Unable to connect", StringComparison.Ordinal) ? said
        : $"{Describe(error)}: has it another cluster id, or other certificates?";

    /// <summary>Gives the message of the innermost exception, which names the cause.</summary>
    public static string Describe(Exception error) =>
        InputException.Quote(FindCause(error).Message).TrimEnd('.');

    static Exception FindCause(Exception error)
    {
        var cause = error;
        while ((cause is AggregateException several ? several.InnerExceptions[^1] : cause.InnerException) is { } inner)
        {
            cause = inner;
        }

        return cause;
    }
}
