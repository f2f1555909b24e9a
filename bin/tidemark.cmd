@echo off
rem Starts Tidemark on Windows, from an unpacked distribution. It finds a JDK and runs the JVM.
rem
rem   tidemark COMMAND ...
rem
rem   TIDEMARK_JAVA_HOME   the JDK to use, before JAVA_HOME and the path
rem   TIDEMARK_OPTS        more options for the JVM
setlocal EnableExtensions DisableDelayedExpansion

for %%I in ("%~dp0..") do set "ROOT=%%~fI"
set "LIB=%ROOT%\lib"
if not exist "%LIB%\" (
  >&2 echo tidemark: %LIB% is missing; unpack the whole distribution. A checkout starts on Linux and macOS only.
  exit /b 4
)

set "JAVA="
if defined TIDEMARK_JAVA_HOME set "JAVA=%TIDEMARK_JAVA_HOME%\bin\java.exe"
if not defined JAVA if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"
if not defined JAVA for %%I in (java.exe) do set "JAVA=%%~$PATH:I"
if not defined JAVA goto nojdk
if not exist "%JAVA%" goto nojdk
rem a JVM older than 25 also refuses this class file version, but its message names no remedy
"%JAVA%" --version 2>nul | findstr /r /c:"^openjdk 2[5-9]" /c:"^java 2[5-9]" /c:"^openjdk [3-9][0-9]" /c:"^java [3-9][0-9]" >nul || goto nojdk

set "CLASSES=%LIB%\*"
if exist "%LIB%\kafka\" set "CLASSES=%CLASSES%;%LIB%\kafka\*"
set "MAIN=dev.tidemark.daemon.command.TidemarkMain"
set "COLLECTOR=-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
if "%~1"=="run" set "COLLECTOR=-XX:+UseG1GC -XX:G1HeapRegionSize=1m -Xms24m -XX:InitiatingHeapOccupancyPercent=65 -XX:CompileThresholdScaling=2"
for %%C in (demo simulate listen) do if "%~1"=="%%C" (
  set "CLASSES=%LIB%\*;%LIB%\kafka\*;%LIB%\demo\*"
  set "MAIN=dev.tidemark.demo.DemoMain"
  set "COLLECTOR=-XX:+UseG1GC -XX:G1HeapRegionSize=1m -Xms24m -XX:InitiatingHeapOccupancyPercent=65 -XX:CompileThresholdScaling=2"
)

"%JAVA%" %COLLECTOR% -XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError -Xlog:aot=off ^
  --enable-native-access=ALL-UNNAMED ^
  --add-exports=java.security.jgss/sun.security.jgss.krb5.internal=ALL-UNNAMED ^
  -Dorg.eclipse.jetty.util.referencesPerCacheLine=16 -Djava.locale.providers=SPI ^
  -Djava.awt.headless=true -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 ^
  %TIDEMARK_OPTS% -Dtidemark.home="%ROOT%" -cp "%CLASSES%" %MAIN% %*
exit /b %ERRORLEVEL%

:nojdk
>&2 echo tidemark: no JDK 25 or newer was found: install one, for example Temurin from https://adoptium.net, or point TIDEMARK_JAVA_HOME to one.
exit /b 4
