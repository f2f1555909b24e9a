package dev.tidemark.cxfendpoint;

import jakarta.jws.WebMethod;
import jakarta.jws.WebParam;
import jakarta.jws.WebResult;
import jakarta.jws.WebService;
import jakarta.jws.soap.SOAPBinding;

/// Port that Exchange calls, as in its WSDL: document, literal, bare.
@WebService(name = "NotificationServicePort", targetNamespace = CxfNamespaces.MESSAGES)
@SOAPBinding(parameterStyle = SOAPBinding.ParameterStyle.BARE)
interface NotificationPort {
    @WebMethod(operationName = "SendNotification", action = CxfNamespaces.MESSAGES + "/SendNotification")
    @WebResult(name = "SendNotificationResult", targetNamespace = CxfNamespaces.MESSAGES)
    SendNotificationResult sendNotification(
            @WebParam(name = "SendNotification", targetNamespace = CxfNamespaces.MESSAGES)
                    SendNotificationRequest call);
}
