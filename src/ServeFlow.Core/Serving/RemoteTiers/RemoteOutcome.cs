namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Tells what became of a flow that a remote tier was to answer. Metrics spell the names in snake
/// case.</summary>
public enum RemoteOutcome
{
    /// <summary>The remote tier answered in time.</summary>
    Answered,

    /// <summary>The deadline passed first. An answer that comes after it is dropped.</summary>
    Late,

    /// <summary>The remote tier could not be reached, or its answer broke off.</summary>
    Lost,

    /// <summary>The remote tier said no, or its answer does not fit the tier.</summary>
    Refused,

    /// <summary>As many batches as may be away were away, and the next one was full: the flow was not sent.</summary>
    NoCredit,
}
