using Microsoft.ML.OnnxRuntime;

namespace ServeFlow.Onnx;

/// <summary>Opens sessions of ONNX Runtime with the execution provider that was asked for, or not at all.</summary>
static class OnnxSession
{
    /// <summary>Specifies whether threads that wait for work take their cores meanwhile, which others want.</summary>
    const string Spinning = "session.intra_op.allow_spinning";

    /// <summary>Precedes what the loader of libraries says, in a message of ONNX Runtime.</summary>
    const string LoaderPrefix = "with error: ";

    /// <summary>Limits what is quoted of a provider's message: names of libraries and paths are long.</summary>
    const int MaxReason = 240;

    /// <param name="profile">The path that a profile of the session begins with; null for no profile.</param>
    /// <exception cref="InputException">It is no model, or the provider is not there.</exception>
    public static InferenceSession Open(byte[] file, string name, OnnxOptions options, string? profile)
    {
        using var settings = new SessionOptions
        {
            IntraOpNumThreads = options.Threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            // A plan of memory is kept for each batch size that comes up; there are 512 of them.
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        if (options.Threads > 1)
        {
            settings.AddSessionConfigEntry(Spinning, "0");
        }

        if (profile is not null)
        {
            settings.ProfileOutputPathPrefix = profile;
            settings.EnableProfiling = true;
        }

        try
        {
            Append(options.Provider, settings, name);
            return new InferenceSession(file, settings);
        }
        catch (OnnxRuntimeException e) when (options.Provider == OnnxProvider.Cpu)
        {
            throw new InputException($"{name}: ONNX Runtime does not take it: {InputException.Quote(e.Message)}", e);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InputException($"{name}: ONNX Runtime does not take it with the provider "
                + $"{ProviderName.Find(options.Provider)}: {ReadReason(e.Message)}; install what that needs, or give "
                + "cpu", e);
        }
    }

    static void Append(OnnxProvider provider, SessionOptions settings, string name)
    {
        if (provider == OnnxProvider.Cpu)
        {
            return; // it is always there
        }

        var there = OrtEnv.Instance().GetAvailableProviders();
        if (!there.Contains(ProviderName.FindLong(provider)))
        {
            throw new InputException($"{name}: this build of ONNX Runtime ({OrtEnv.Instance().GetVersionString()}) "
                + $"has no provider {ProviderName.Find(provider)}, but {string.Join(", ", there)}; give the folder of "
                + "a build that has it with --onnx-library");
        }

        if (provider == OnnxProvider.Cuda)
        {
            AppendCuda(settings);
        }
        else
        {
            settings.AppendExecutionProvider_OpenVINO();
        }
    }

    /// <summary>Computes in whole floats: the shortened ones that it takes by default (TF32) differ from the
    /// processor's answers in the fourth digit.</summary>
    static void AppendCuda(SessionOptions settings)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new() { ["use_tf32"] = "0" });
        settings.AppendExecutionProvider_CUDA(cuda);
    }

    static string ReadReason(string message)
    {
        var at = message.IndexOf(LoaderPrefix, StringComparison.Ordinal);
        var reason = (at < 0 ? message : message[(at + LoaderPrefix.Length)..]).Trim();
        return PrintableText.Escape(reason.Length > MaxReason ? reason[..MaxReason] + "…" : reason);
    }
}
