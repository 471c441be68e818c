using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;

namespace ServeFlow.Serving.Sensors;

/// <summary>Handles a sink that fails: tries it again, reopens it, or gives it up.</summary>
public sealed partial class SinkThread
{
    void Attempt(Action<IRecordSink> step)
    {
        if (IsGivenUp)
        {
            return;
        }

        try
        {
            step(spec.Sink);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            Recover(e);
        }

        UpdateAccount();
    }

    /// <summary>The sink has kept what it could not write: tries until it can, or until there is no more use.</summary>
    void Recover(Exception error)
    {
        if (!spec.Retries || (BrokenPipe.Is(error) && medium is not LogFileSink { HasReaders: true }))
        {
            recovery.CountFailure();
            GiveUp(error);
            return;
        }

        recovery.Fail(error);
        if (recovery.Retry(TryAgain))
        {
            recovery.Succeed($"{Statistics.Lost} records were lost");
        }
        else
        {
            GiveUp(error);
        }
    }

    /// <summary>A file that has been moved or deleted is let go of, though it cannot be written.</summary>
    void TryAgain()
    {
        if (MustReopen())
        {
            (spec.Sink as IReopenable)?.Reopen();
        }

        spec.Sink.Flush();
    }

    bool MustReopen()
    {
        var asked = Interlocked.Read(ref reopenings);
        return asked != Interlocked.Exchange(ref reopened, asked);
    }

    /// <summary>Gives the sink up: what it has not written counts as failed, and so does all that comes.</summary>
    void GiveUp(Exception error)
    {
        recovery.GiveUp(error);
        spec.OnGivenUp?.Invoke(error);
    }

    void UpdateAccount()
    {
        var pending = spec.Sink.Pending;
        recovery.UpdateAccount(recovery.Handed - pending, pending);
    }

    /// <summary>Closes the sink, again where that fails and there is still time.</summary>
    void Close()
    {
        while (!TryDispose() && !IsGivenUp)
        {
            if (!spec.Retries || !recovery.WaitUntilDue())
            {
                GiveUp(new IOException("it could not be completed"));
            }
        }

        UpdateAccount();
    }

    bool TryDispose()
    {
        try
        {
            spec.Sink.Dispose();
            return true;
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            recovery.CountFailure();
            return false;
        }
    }
}
