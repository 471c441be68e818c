namespace ServeFlow.Service;

/// <summary>Represents a setting as people are shown it.</summary>
/// <param name="Key">Its name, sections included.</param>
/// <param name="Value">Its value as a configuration file has it.</param>
/// <param name="Origin">Where the value comes from.</param>
public sealed record ShownSetting(string Key, string Value, string Origin);
