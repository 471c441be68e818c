namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Tells why a server's answer is no answer: asking again does not help.</summary>
public sealed class RefusalException(string message) : Exception(message);
