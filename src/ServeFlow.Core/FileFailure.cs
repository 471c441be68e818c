namespace ServeFlow;

/// <summary>Tells failures of files and devices, which users can fix, from defects of the program.</summary>
public static class FileFailure
{
    extension(Exception e)
    {
        /// <summary>
        /// Gets whether a file or device could not be opened, read or written: no such path, no permission, no space, a
        /// medium that fails. Such a failure is reported, or tried again; anything else must not be caught with it.
        /// </summary>
        public bool IsFileFailure => e is IOException or UnauthorizedAccessException;
    }
}
