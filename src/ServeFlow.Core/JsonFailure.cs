using System.Text.Json;

namespace ServeFlow;

/// <summary>Words what is wrong with JSON.</summary>
public static class JsonFailure
{
    const int MaxCharacters = 200;

    extension(JsonException e)
    {
        /// <summary>Gets the cause as a message may quote it, without the place, which the base library adds in words
        /// of its own and with lines that are counted from 0.</summary>
        public string Reason => InputException.Quote(
            e.Message.Split([" Path: ", " LineNumber: "], StringSplitOptions.None)[0].TrimEnd('.'),
            MaxCharacters);
    }
}
