using System.Data.Common;
using System.Net.Sockets;
using Orleans.Runtime.Messaging;
using StackExchange.Redis;

namespace ServeFlow.Cluster;

/// <summary>Says in one line what Orleans says with exceptions.</summary>
static class ClusterProblem
{
    /// <summary>Describes why a connection was not made: who is sent away is not told why.</summary>
    public static string DescribeConnecting(Exception error) => error is OperationCanceledException
        || IsTimeOut(FindCause(error)) ? "does not answer"
        : Describe(error) is var said && said.StartsWith("Unable to connect", StringComparison.Ordinal) ? said
        : $"{Describe(error)}: has it another cluster id, or other certificates?";

    /// <summary>Describes why a worker could not join its cluster, and what to do.</summary>
    public static string DescribeStarting(Exception error, ClusterWorkerOptions worker) => FindCause(error) switch
    {
        OperationCanceledException => "other workers of the list do not answer, or send it away: give it certificates "
            + "that the authority of theirs has signed (--cluster-cert, --cluster-ca), and see that both reach each "
            + $"other's --silo-port ({worker.SiloPort} here)",
        RedisException or DbException or SocketException when worker.Cluster.Membership
            != ClusterMembership.Localhost => $"the list of workers cannot be read: {DescribeFirst(error)}: check "
            + "--cluster-connection",
        _ => Describe(error),
    };

    /// <summary>Describes why a worker could not answer a call that it needs another worker for.</summary>
    public static string DescribeCall(Exception error) => error is OrleansMessageRejectionException
        or SiloUnavailableException ? "it waits for another worker, which may have died a moment ago: ask again in "
            + "some seconds" : FindCause(error) is TimeoutException ? "did not answer in time: it may wait for another "
            + "worker, which died or hangs: ask again in some seconds" : Describe(error);

    /// <summary>Returns the message of the innermost exception, which names the cause.</summary>
    public static string Describe(Exception error) =>
        FindCause(error) is var cause && cause.GetType() == typeof(TimeoutException) ? "did not answer in time"
            : InputException.Quote(cause.Message).TrimEnd('.');

    /// <summary>Returns the first sentence alone: Redis' client adds advice to programmers.</summary>
    static string DescribeFirst(Exception error) =>
        InputException.Quote(FindCause(error).Message.Split(". ")[0].TrimEnd('.'));

    /// <summary>Determines whether nobody answered. Orleans' words for it name its own constants.</summary>
    static bool IsTimeOut(Exception cause) => cause is TimeoutException || (cause is ConnectionFailedException
        && cause.Message.Contains(" timed out after ", StringComparison.Ordinal));

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
