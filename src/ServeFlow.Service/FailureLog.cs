using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ServeFlow.Service;

/// <summary>
/// Hands failures that the web server, or a page, meets to the sensor's log. Nothing else is logged of them. A start
/// that fails is not among them: whoever starts the service hears of it. Nor is a cookie of an earlier run, which the
/// framework calls an error: whether a request comes from another site is told by its <c>Origin</c> here.
/// </summary>
sealed class FailureLog(Action<string> report) : ILoggerProvider
{
    const string WebServer = "Microsoft.AspNetCore.";
    const string Cookies = "Microsoft.AspNetCore.Antiforgery.";

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith(WebServer, StringComparison.Ordinal)
            && !categoryName.StartsWith(Cookies, StringComparison.Ordinal) ? new Category(categoryName, report)
            : NullLogger.Instance;

    public void Dispose()
    {
    }

    sealed class Category(string name, Action<string> report) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                report($"HTTP: {name}: {formatter(state, exception)}{(exception is null ? "" : $": {exception}")}");
            }
        }
    }
}
